// keygen, seal and open: files in the age format from the command line, with the conventions of the stock `age`
// program.
//
// IN and OUT may be "-" or absent for standard input and output. An OUT that is a file appears under its name only when
// it is complete; what goes to standard output is authentic as far as it went, and the exit code tells whether it is
// all.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// keygen [-o KEY]
int runKeygen(const Arguments& arguments);
/// seal {-r RECIPIENT | -R FILE}... [-a] [-o OUT] [IN]
/// seal {-p | --passphrase-file FILE} [-a] [-o OUT] [IN]
/// From file to file without -a, a run that was killed is gone on with when it is started again.
int runSeal(const Arguments& arguments);
/// open {-i KEYFILE}... [-p | --passphrase-file FILE] [-o OUT] [IN]
/// Armor is noticed. Into a file, a run that was killed is gone on with when it is started again.
int runOpen(const Arguments& arguments);

} // namespace tallylock::cli
