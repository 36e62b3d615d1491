/* SPDX-License-Identifier: ISC */
/* Reading the options of a subcommand. */
#ifndef GUIJU_TOOLS_OPTION_H
#define GUIJU_TOOLS_OPTION_H

/*
 * The value of "--name VALUE" or "--name=VALUE", empty if there is none, as
 * argv[*at] begins it; NULL if that is another option. *at goes to its last
 * argument.
 */
const char *option_value(const char *name, int argc, char **argv, int *at);

#endif
