dnl Flags of our own, each tried before it is used, with -Werror so that a
dnl flag that the compiler only grumbles about is left out.

dnl CG_TRY_FLAG(FLAG, CFLAGS-PART, LDFLAGS-PART, IF-YES, IF-NO)
AC_DEFUN([CG_TRY_FLAG], [
AC_MSG_CHECKING([whether $CC takes $1])
cg_save_CFLAGS=$CFLAGS
cg_save_LDFLAGS=$LDFLAGS
CFLAGS="$CFLAGS $CG_CFLAGS $2 -Werror"
LDFLAGS="$LDFLAGS $CG_LDFLAGS $3"
AC_LINK_IFELSE([AC_LANG_SOURCE([[#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) { return argc > 9 && strlen(argv[1]) > 1; }]])],
    [cg_try=yes], [cg_try=no])
CFLAGS=$cg_save_CFLAGS
LDFLAGS=$cg_save_LDFLAGS
AC_MSG_RESULT([$cg_try])
AS_IF([test $cg_try = yes], [$4], [$5])
])

dnl CG_CC_FLAG(FLAG, IF-NOT): for the compiler
AC_DEFUN([CG_CC_FLAG],
    [CG_TRY_FLAG([$1], [$1], [], [CG_CFLAGS="$CG_CFLAGS $1"], [$2])])

dnl CG_LD_FLAG(FLAG, IF-NOT): for the linker
AC_DEFUN([CG_LD_FLAG],
    [CG_TRY_FLAG([$1], [], [$1], [CG_LDFLAGS="$CG_LDFLAGS $1"], [$2])])

dnl CG_BOTH_FLAG(FLAG, IF-NOT): for both
AC_DEFUN([CG_BOTH_FLAG],
    [CG_TRY_FLAG([$1], [$1], [$1],
	[CG_CFLAGS="$CG_CFLAGS $1"; CG_LDFLAGS="$CG_LDFLAGS $1"], [$2])])
