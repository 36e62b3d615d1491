/* SPDX-License-Identifier: ISC */
/* `guiju import TABLE` and `guiju import undo`. */
#ifndef GUIJU_TOOLS_IMPORT_TABLE_COMMAND_H
#define GUIJU_TOOLS_IMPORT_TABLE_COMMAND_H

/* argv[0] is "import", argv[1] the table. Gives an enum status. */
int catalogue_import(int argc, char **argv);

#endif
