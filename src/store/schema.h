/*
 * The steps of the schema, compiled in: steps.c is made from schema/ by the
 * build.
 */
#ifndef CG_STORE_SCHEMA_H
#define CG_STORE_SCHEMA_H

#include <stddef.h>

struct cg_step {
	unsigned	 version;
	const char	*name;		/* "NNNN-name.sql" */
	const char	*sql;		/* the whole text */
};

extern const struct cg_step cg_steps[];		/* in ascending order */
extern const size_t cg_nsteps;

#endif
