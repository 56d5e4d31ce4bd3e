// How far a bought file has come, and from where, in plain words.
#pragma once

#include "core/api/Rows.h"

#include <QString>

namespace tallylock::ui {

QString deliveryText(const api::DeliveryRow& delivery);

} // namespace tallylock::ui
