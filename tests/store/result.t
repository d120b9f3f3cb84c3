# Results of commands.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::StoreTest;

Clockgate::StoreTest::run('result');
