/* SPDX-License-Identifier: ISC */
/*
 * A driver without libFuzzer: gives a target every file of the folders and
 * the files on the command line, once. `make check` runs the corpora so, with
 * any compiler.
 */
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>

#include "fuzz.h"

static unsigned count;

static void
replay_file(const char *path)
{
	FILE *file = fopen(path, "rbe");
	struct stat st;
	uint8_t *data;

	if (file == NULL || fstat(fileno(file), &st) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	/* Of exactly that size, so that reading past it is seen. */
	data = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
	MUST(data != NULL);
	MUST(fread(data, 1, (size_t)st.st_size, file) == (size_t)st.st_size);
	fclose(file);
	/* What failed is to be known even if nothing else gets said. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	free(data);
	count++;
}

static void
replay(const char *path)
{
	struct dirent *entry;
	DIR *folder = opendir(path);

	if (folder == NULL) {
		replay_file(path);
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		char file[4096];
		int n =
		    snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		MUST(n > 0 && (size_t)n < sizeof(file));
		if (entry->d_name[0] != '.')
			replay_file(file);
	}
	closedir(folder);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%u inputs\n", count);
	if (count == 0)
		fprintf(stderr, "nothing was replayed\n");
	return count == 0;
}
