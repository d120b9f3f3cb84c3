/*
 * Commands, for the files of this room.
 */
#ifndef CG_STORE_COMMAND_H
#define CG_STORE_COMMAND_H

#include "secret.h"

/* The state as command.state has it; and back, CG_COMMAND_FAILED for any other word. */
struct cg_cell	 cg_cell_state(enum cg_command_state);
enum cg_command_state cg_command_state_of(struct cg_str);
/* A command ends before it goes out, or goes out again; NULL: not known which. */
enum cg_err	 cg_command_judged(struct cg_db *, int64_t id,
		    enum cg_command_state, const struct cg_command *,
		    enum cg_danger, struct cg_str reason) CG_MUST_USE;
/* Seal a body that carries a secret; *key becomes the id of the key. */
enum cg_err	 cg_command_seal(struct cg_db *, struct cg_str sn,
		    struct cg_cell *body, struct cg_cell *key) CG_MUST_USE;
/* A body that is not sealed comes back as it is.  CG_SYS: it can't be opened. */
enum cg_err	 cg_command_open(struct cg_db *, struct cg_str sn,
		    struct cg_str sealed, struct cg_arena *, struct cg_str *body)
		    CG_MUST_USE;
/* This transaction need not look for queries: none is open. */
void		 cg_query_none(struct cg_db *);
/* Whether its answer comes as uploads. */
bool		 cg_query_is(const struct cg_command *);
/* Whether it takes something from what its clock holds. */
bool		 cg_effect_has(const struct cg_command *);
/* The clock of that serial has done it: what it took is gone. */
enum cg_err	 cg_effect_run(struct cg_db *, struct cg_str sn, const struct cg_told *)
		    CG_MUST_USE;
/* How the audit calls it that a command ends in this state. */
enum cg_audit_action cg_audit_end_action(enum cg_command_state);
/* The class as command.danger has it: NULL for CG_SAFE; and back. */
struct cg_cell	 cg_cell_danger(enum cg_danger);
enum cg_danger	 cg_danger_of(struct cg_str);

#endif
