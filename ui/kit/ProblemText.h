// Every refusal as a sentence that says what is the matter and what to do about it.
#pragma once

#include "core/api/Problem.h"

#include <QString>

namespace tallylock::ui {

QString problemText(const api::Refusal& refusal);
inline QString problemText(api::Problem problem) { return problemText(api::Refusal{problem, {}}); }

} // namespace tallylock::ui
