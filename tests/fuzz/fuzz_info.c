/*
 * INFO of heartbeats: each piece between commas is at its place, whatever it is;
 * which place that is depends on how many there are (notes 1.3).
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

static void
is_text(struct cg_str got, struct cg_str piece)
{
	piece = cg_str_trim(piece);
	REQUIRE(piece.n > 0 ? cg_str_eq(got, piece) : got.p == NULL);
	fuzz_touch(got);
}

static void
is_number(int32_t got, struct cg_str piece)
{
	int32_t n;

	piece = cg_str_trim(piece);
	if (cg_str_i32(piece, -INT32_MAX, INT32_MAX, &n) != CG_OK)
		n = CG_NONE;
	REQUIRE(got == n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str raw = fuzz_input(p, n), rest = raw;
	struct cg_str piece[13] = { { NULL, 0 } };
	size_t count = 0, at;
	struct cg_info i;

	cg_info_parse(raw, &i);
	while (count < CG_LEN(piece) && cg_str_cut(&rest, ',', &piece[count]))
		count++;
	at = count > 9 ? 8 : 7;		/* faces per user before their count */
	is_text(i.firmware, piece[0]);
	is_number(i.user_count, piece[1]);
	is_number(i.fingerprint_count, piece[2]);
	is_number(i.punch_count, piece[3]);
	is_text(i.ip, piece[4]);
	is_text(i.fingerprint_version, piece[5]);
	is_text(i.face_version, piece[6]);
	is_number(i.faces_per_user, at == 8 ? piece[7] : cg_lit(""));
	is_number(i.face_count, piece[at]);
	is_text(i.support, piece[at + 1]);
	is_number(i.card_count, piece[at + 2]);
	is_number(i.user_photo_count, piece[at + 3]);
	is_number(i.punch_photo_count, piece[at + 4]);
	return 0;
}
