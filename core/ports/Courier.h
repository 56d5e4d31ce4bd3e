// A means of communication that carries a key part to the buyer. The two parts travel by different ones.
#pragma once

#include "core/base/Fixed.h"
#include "core/engine/Commands.h"
#include "core/wire/Frames.h"

namespace tallylock::ports {

/// Stateless; the part is durable with the caller, and a repeat carries the same bytes.
class Courier {
public:
    virtual ~Courier() = default;
    virtual engine::CourierKind kind() const = 0;
    /// What the coordinator is told when the part sets out: B12 or B13.
    virtual engine::SendPart noticeOf(SaleId sale, const wire::KeyPart& part) const = 0;
};

} // namespace tallylock::ports
