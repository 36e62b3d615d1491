/* SPDX-License-Identifier: ISC */
/*
 * Several people may reach the server's user by sudo(8), so a log has the name
 * of the login, too, where the system keeps one. Variables of the environment
 * are not asked: anybody sets them.
 */
#include "tools/desk/who.h"

#include <pwd.h>
#include <unistd.h>

#include "base/utf8.h"

void
who_add(struct buf *out)
{
	const struct passwd *entry = getpwuid(getuid());
	const char *login = getlogin();

	if (entry != NULL)
		utf8_add_line(out, str_from(entry->pw_name));
	else
		buf_printf(out, "uid %lu", (unsigned long)getuid());
	if (login == NULL || login[0] == '\0' ||
	    str_equal(str_from(login), buf_view(out)))
		return;
	buf_text(out, " (login ");
	utf8_add_line(out, str_from(login));
	buf_text(out, ")");
}
