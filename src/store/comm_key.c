/*
 * The communication key of a clock: what is stored of it are hashes.
 */
#include "config.h"

#include "db.h"

static struct cg_cell
bytes(const unsigned char *p, size_t n)
{
	if (p == NULL)
		return cg_cell_number(CG_NONE);
	return cg_cell_bytes((struct cg_str){ (const char *)p, n });
}

enum cg_err
cg_comm_key_remember(struct cg_db *db, uint32_t device,
    const unsigned char address[CG_COMM_KEY_ADDRESS])
{
	struct cg_cell cell[] = {
		bytes(address, CG_COMM_KEY_ADDRESS), cg_cell_int(device)
	};

	return cg_db_run(db, CG_Q_KEY_REMEMBER, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_comm_key_announced(struct cg_db *db, uint32_t device,
    const unsigned char hash[CG_COMM_KEY_HASH])
{
	struct cg_cell cell[] = { bytes(hash, CG_COMM_KEY_HASH), cg_cell_int(device) };

	return cg_db_run(db, CG_Q_KEY_ANNOUNCED, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_comm_key_changed(struct cg_db *db, uint32_t device,
    const unsigned char next[CG_COMM_KEY_HASH], const unsigned char address[CG_COMM_KEY_ADDRESS])
{
	struct cg_cell cell[] = {
		bytes(address, CG_COMM_KEY_ADDRESS), cg_cell_int(device),
		bytes(next, CG_COMM_KEY_HASH)
	};

	return cg_db_run(db, CG_Q_KEY_CHANGED, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_comm_key_set(struct cg_db *db, struct cg_str sn, const unsigned char hash[CG_COMM_KEY_HASH])
{
	struct cg_cell cell[] = { bytes(hash, CG_COMM_KEY_HASH), cg_cell_text(sn) };

	return cg_db_change(db, CG_Q_KEY_SET, cell, CG_LEN(cell));
}

enum cg_err
cg_comm_key_next(struct cg_db *db, struct cg_str sn, const unsigned char hash[CG_COMM_KEY_HASH])
{
	struct cg_cell cell[] = { bytes(hash, CG_COMM_KEY_HASH), cg_cell_text(sn) };

	return cg_db_run(db, CG_Q_KEY_NEXT, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_refusals_add(struct cg_db *db, uint32_t device, unsigned key, unsigned network)
{
	struct cg_cell cell[] = {
		cg_cell_int(device), cg_cell_int(key), cg_cell_int(network)
	};

	return cg_db_run(db, CG_Q_REFUSALS_ADD, cell, CG_LEN(cell), NULL);
}
