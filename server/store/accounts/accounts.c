/* SPDX-License-Identifier: ISC */
/* The schema of accounts, and whether this process uses it. */
#include "store/accounts/accounts.h"

#include "base/embedded.h"

#include "accounts_schema.h"

enum { TABLES, RULES }; /* the order of the Makefile */

static bool is_on;

void
accounts_use(bool on)
{
	is_on = on;
}

bool
accounts_are_on(void)
{
	return is_on;
}

static struct str
text_of(int file)
{
	return (struct str){
	    (const char *)accounts[file].bytes, accounts[file].len};
}

struct str
accounts_tables(void)
{
	return text_of(TABLES);
}

struct str
accounts_rules(void)
{
	return text_of(RULES);
}
