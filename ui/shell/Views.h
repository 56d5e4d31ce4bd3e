// The views that a window has. A new one is added here and nowhere else.
#pragma once

#include "ui/kit/View.h"

#include <vector>

namespace tallylock::ui {

/// In the order of the navigation list; owned by `parent`.
std::vector<View*> makeViews(Context& context, QWidget* parent);

} // namespace tallylock::ui
