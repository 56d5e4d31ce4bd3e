#include "app/servers/PracticeDoor.h"

#include "core/base/Once.h"

namespace tallylock::app {

using ports::LinkError;

static constexpr std::size_t kMostWaiting = 256;

static wire::Answer answer(rails::PracticeWorld& world, const wire::PracticePay& pay) {
    const money::Unit* unit = money::findUnit(pay.amount.unit);
    if (!unit || pay.amount.value <= 0) return wire::Problem{wire::FrameProblem::Malformed, "amount"};
    const auto paid = unit->kind == money::UnitKind::Coin ? world.chain().payTo(pay.place, pay.amount)
                                                          : world.bank().transfer(pay.place, pay.amount);
    if (!paid) return wire::Problem{wire::FrameProblem::NotFound, ports::nameOf(paid.error())};
    return wire::Accepted{};
}
static wire::Answer answer(rails::PracticeWorld& world, const wire::PracticeQuery& query) {
    const auto sum = world.sentTo(query.unit, query.place);
    if (!sum) return wire::Problem{wire::FrameProblem::Internal, ports::nameOf(sum.error())};
    return wire::PracticeSum{*sum};
}

class PracticeDoor::Through final : public ports::Link {
public:
    Through(std::shared_ptr<Desk> desk, std::unique_ptr<ports::Link> coordinator)
        : m_desk(std::move(desk)),
          m_coordinator(std::move(coordinator)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, LinkError>)> done) override {
        const std::uint64_t type = wire::requestTypeOf(frame);
        if (type == wire::PracticePay::kType) return act<wire::PracticePay>(frame, std::move(done));
        if (type == wire::PracticeQuery::kType) return act<wire::PracticeQuery>(frame, std::move(done));
        m_coordinator->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_coordinator->subscribe(stream, cursor, std::move(onItem));
    }

private:
    template <class Asked>
    void act(const Bytes& frame, std::function<void(Result<Bytes, LinkError>)> done) {
        using Outcome = Result<Bytes, LinkError>;
        const auto reply = std::make_shared<Once<Outcome>>(std::move(done), Outcome(Err(LinkError::Closed)));
        const auto request = decodeCbor<wire::Request>(frame);
        const Asked* asked = request ? std::get_if<Asked>(&*request) : nullptr;
        if (!asked) return (*reply)(encodeCbor(wire::Answer(wire::Problem{wire::FrameProblem::Malformed, {}})));
        const bool taken = m_desk->thread.post(
            [desk = m_desk.get(), asked = *asked, reply] { (*reply)(encodeCbor(answer(desk->world, asked))); },
            kMostWaiting);
        if (!taken) (*reply)(Err(LinkError::Busy));
    }
    std::shared_ptr<Desk> m_desk;
    std::unique_ptr<ports::Link> m_coordinator;
};

std::unique_ptr<ports::Link> PracticeDoor::through(std::unique_ptr<ports::Link> coordinator) const {
    return std::make_unique<Through>(m_desk, std::move(coordinator));
}

} // namespace tallylock::app
