# Runs a test in C, tests/store/test_NAME, with an empty database of its own.
package Clockgate::StoreTest;

use strict;
use warnings;
use Clockgate::MariaDB;

sub run
{
	my ($name) = @_;
	my $db = Clockgate::MariaDB->new;
	my $build = $ENV{top_builddir} // '.';
	$db->create('clockgate');
	local $ENV{CG_TEST_SOCKET} = $db->socket;
	exit(system("$build/tests/store/test_$name") == 0 ? 0 : 1);
}

1;
