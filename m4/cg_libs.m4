dnl Libraries: what the builder says, else pkg-config, else the plain name; and
dnl in any case a program that links.  What is missing is gathered, so that
dnl CG_LIBS_DONE can name all of it, with Debian's packages, at once.

dnl CG_LIB_TRY(VAR, PROLOGUE, BODY, IF-YES, IF-NO): does a program link?
AC_DEFUN([CG_LIB_TRY], [
cg_save_CPPFLAGS=$CPPFLAGS
cg_save_LIBS=$LIBS
CPPFLAGS="$CPPFLAGS $$1_CFLAGS"
LIBS="$$1_LIBS $LIBS"
AC_LINK_IFELSE([AC_LANG_PROGRAM([$2], [$3])], [cg_try=yes], [cg_try=no])
CPPFLAGS=$cg_save_CPPFLAGS
LIBS=$cg_save_LIBS
AS_IF([test $cg_try = yes], [$4], [$5])
])

dnl CG_LIB_OPTIONAL(VAR, NAME, DEBIAN-PACKAGE, PC-NAME, LIBS, PROLOGUE, BODY):
dnl sets cg_have_VAR, VAR_CFLAGS, VAR_LIBS
AC_DEFUN([CG_LIB_OPTIONAL], [
AC_ARG_VAR([$1_CFLAGS], [compiler flags of $2, instead of pkg-config's])
AC_ARG_VAR([$1_LIBS], [linker flags of $2, instead of pkg-config's])
AC_MSG_CHECKING([for $2])
AS_IF([test -n "$$1_CFLAGS$$1_LIBS"], [],
    [test -n "$PKG_CONFIG" && "$PKG_CONFIG" --exists $4 2>/dev/null],
    [$1_CFLAGS=`"$PKG_CONFIG" --cflags $4`
    $1_LIBS=`"$PKG_CONFIG" --libs $4`],
    [$1_LIBS="$5"])
CG_LIB_TRY([$1], [$6], [$7], [cg_have_$1=yes], [cg_have_$1=no])
AC_MSG_RESULT([$cg_have_$1])
])

dnl CG_LIB: as above, and it must be there
AC_DEFUN([CG_LIB], [
CG_LIB_OPTIONAL([$1], [$2], [$3], [$4], [$5], [$6], [$7])
AS_IF([test $cg_have_$1 = no], [CG_LIB_MISSING([$2], [$3])])
])

dnl CG_LIB_MISSING(NAME, DEBIAN-PACKAGE)
AC_DEFUN([CG_LIB_MISSING], [
cg_missing="$cg_missing
    $1 (Debian package $2)"
cg_packages="$cg_packages $2"
])

AC_DEFUN([CG_LIBS_DONE], [
AS_IF([test -n "$cg_packages"],
    [AC_MSG_ERROR([missing:$cg_missing
  on Debian: apt-get install$cg_packages])])
])

dnl iconv is part of the C library, or stands beside it.
AC_DEFUN([CG_ICONV], [
ICONV_CFLAGS=
ICONV_LIBS=
AC_SUBST([ICONV_LIBS])
AC_MSG_CHECKING([for iconv])
CG_LIB_TRY([ICONV], [[#include <iconv.h>]], [[iconv_close(iconv_open("a", "b"));]],
    [AC_MSG_RESULT([in the C library])],
    [ICONV_LIBS=-liconv
    CG_LIB_TRY([ICONV], [[#include <iconv.h>]],
	[[iconv_close(iconv_open("a", "b"));]], [AC_MSG_RESULT([$ICONV_LIBS])],
	[AC_MSG_RESULT([no])
	CG_LIB_MISSING([iconv], [libc6-dev])])])
])
