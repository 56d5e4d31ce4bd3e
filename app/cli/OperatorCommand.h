// cases, disputes, users, markets, node, and books of a node that runs: what whoever runs a coordinator says to it. One
// that is at work is asked at its door (app/operator/OperatorDoor.h); else the node of the folder is started for as
// long as it takes.
#pragma once

#include "app/cli/Command.h"
#include "app/operator/Acts.h"

namespace tallylock::cli {

/// `group` of app/operator.
int runOperator(const app::ActGroup& group, const Arguments& arguments);
/// What was said goes where a terminal has it.
int show(const app::Said& said);

} // namespace tallylock::cli
