# Several hosts of a database: how they are written, and when one is left for
# another.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::StoreTest;

Clockgate::StoreTest::run('hosts');
