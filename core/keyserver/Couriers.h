// The two means by which key parts reach the buyer.
#pragma once

#include "core/ports/Courier.h"

namespace tallylock::keyserver {

/// Relayed by the coordinator, boxed to the buyer.
class MailboxCourier final : public ports::Courier {
public:
    engine::CourierKind kind() const override { return engine::CourierKind::CoordinatorMailbox; }
    engine::SendPart noticeOf(SaleId sale, const wire::KeyPart& part) const override {
        return {sale, part.note, part.signature, part.box};
    }
};

/// Fetched by the buyer from the key server itself; the coordinator only hears that it is there.
class EndpointCourier final : public ports::Courier {
public:
    engine::CourierKind kind() const override { return engine::CourierKind::KeyServerEndpoint; }
    engine::SendPart noticeOf(SaleId sale, const wire::KeyPart& part) const override {
        return {sale, part.note, part.signature, {}};
    }
};

} // namespace tallylock::keyserver
