# Locks, lost connections, schemas that are not ours.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::StoreTest;

Clockgate::StoreTest::run('trouble');
