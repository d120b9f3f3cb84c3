/*
 * The n-th call fails.  Linked into the programs of tests/fault alone.
 *
 *	CG_FAIL_AT	which call, counted from 1; without it none fails
 *	CG_FAIL_KIND	arena	memory of a request is refused
 *			store	a call to the database fails, unsent
 *			answer	it is done there, but its answer is lost
 *			kill	the program is killed before a call to the
 *				database
 *			killed	the program is killed after one
 *	CG_FAIL_NUMBER	MySQL's number for "store"; 2013, a lost connection,
 *			unless given
 *
 * It is told on the standard error: a run that does not tell it needed fewer
 * calls.
 */
#include "config.h"

#include "cg_base.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOST_CONNECTION	2013

enum kind { ARENA, STORE, ANSWER, KILL, KILLED, KIND__MAX };

static const char *const names[KIND__MAX] = {
	"arena", "store", "answer", "kill", "killed"
};

static enum kind
kind(void)
{
	const char *name = getenv("CG_FAIL_KIND");
	enum kind k = ARENA;

	while (k < KIND__MAX && (name == NULL || strcmp(name, names[k]) != 0))
		k++;
	return k;
}

static uint32_t
number_of(const char *name, uint32_t otherwise)
{
	uint32_t n;

	return cg_str_u32(cg_str_of(getenv(name)), UINT32_MAX, &n) == CG_OK ? n :
	    otherwise;
}

/* Is this the call? */
static bool
reached(enum kind k)
{
	static uint32_t calls;

	if (k != kind() || ++calls != number_of("CG_FAIL_AT", 0))
		return false;
	fprintf(stderr, "fault: %s %u\n", names[k], calls);
	return true;
}

bool
cg_fault(enum cg_fault where)
{
	if (where == CG_FAULT_ARENA)
		return reached(ARENA);
	if (reached(KILL))
		raise(SIGKILL);
	return reached(STORE);
}

int
cg_fault_done(int result)
{
	if (reached(KILLED))
		raise(SIGKILL);
	return reached(ANSWER) ? 1 : result;
}

/* The client knows nothing of a failure of ours. */
unsigned
cg_fault_number(unsigned number)
{
	if (number != 0)
		return number;
	return kind() == STORE ? number_of("CG_FAIL_NUMBER", LOST_CONNECTION) :
	    LOST_CONNECTION;
}
