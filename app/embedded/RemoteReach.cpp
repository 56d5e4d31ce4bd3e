#include "app/embedded/RemoteReach.h"

#include "app/embedded/LineBoard.h"
#include "app/servers/NetworkPlace.h"
#include "app/servers/Refusals.h"
#include "core/wire/Frames.h"

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;

namespace {

/// One connection, and all that goes over it.
struct Line {
    using Changed = std::function<void(const net::RemoteStatus&)>;
    Line(net::RemoteOptions options, Changed changed) : remote(std::move(options), std::move(changed)) {}
    net::Remote remote;
    std::shared_ptr<ports::Link> link = remote.link();
    std::shared_ptr<ports::FileStore> files = remote.files();
    std::shared_ptr<ports::Peers> peers = remote.peers();
};

std::shared_ptr<Line> lineTo(const api::ServerRow& server, std::shared_ptr<const keys::Identity> self,
                             Line::Changed changed = {}) {
    // An address that is none leads nowhere, as one does at which nobody is.
    return std::make_shared<Line>(
        wayTo(parsePlaces(server.address).value_or(std::vector<NetworkPlace>()), server.key, std::move(self)),
        std::move(changed));
}

std::shared_ptr<ports::Link> linkOf(const std::shared_ptr<Line>& line) { return {line, line->link.get()}; }

} // namespace

/// A wallet and a bank of practice money, at the coordinator.
class RemoteReach::Hands final : public api::Practice {
public:
    Hands(std::shared_ptr<ports::Link> link, Post post) : m_link(std::move(link)), m_post(std::move(post)) {}

    void payToAddress(api::UnitId coin, std::string address, api::Amount amount, api::Done<void> done) override {
        pay(coin, std::move(address), amount, std::move(done));
    }
    void bankTransfer(api::UnitId fiat, std::string reference, api::Amount amount, api::Done<void> done) override {
        pay(fiat, std::move(reference), amount, std::move(done));
    }
    void paidTo(api::UnitId unit, std::string place, api::Done<api::Amount> done) override {
        ask<wire::PracticeSum>(wire::PracticeQuery{unit, std::move(place)},
                               [done = std::move(done)](Answer<wire::PracticeSum> sum) {
                                   done(sum ? Answer<api::Amount>(sum->amount) : Err(sum.error()));
                               });
    }
    bool hasCounterparty() const override { return false; }
    void startCounterparty(api::Done<void> done) override {
        m_post([done = std::move(done)] { done(Err(Refusal{Problem::NotAvailable, {}})); });
    }

private:
    void pay(api::UnitId unit, std::string place, const api::Amount& amount, api::Done<void> done) {
        if (amount.unit != unit || amount.value <= 0)
            return m_post([done = std::move(done)] { done(Err(Refusal{Problem::AmountInvalid, {}})); });
        ask<wire::Accepted>(wire::PracticePay{std::move(place), amount},
                            [done = std::move(done)](const Answer<wire::Accepted>& paid) {
                                done(paid ? Answer<void>() : Answer<void>(Err(paid.error())));
                            });
    }
    template <class Reply>
    void ask(const wire::Request& request, std::function<void(Answer<Reply>)> done) {
        m_link->request(encodeCbor(request),
                        [post = m_post, done = std::move(done)](const Result<Bytes, ports::LinkError>& bytes) {
                            Answer<Reply> reply = Err(Refusal{Problem::Internal, "the coordinator's answer"});
                            if (!bytes) {
                                reply = Err(refusalOf(bytes.error()));
                            } else if (const auto answer = decodeCbor<wire::Answer>(*bytes)) {
                                if (const auto* wanted = std::get_if<Reply>(&*answer)) reply = *wanted;
                                if (const auto* problem = std::get_if<wire::Problem>(&*answer))
                                    reply = Err(Refusal{Problem::PaymentNotOpen, problem->detail});
                            }
                            post([done, reply] { done(reply); });
                        });
    }
    std::shared_ptr<ports::Link> m_link;
    Post m_post;
};

RemoteReach::RemoteReach(api::CoordinatorRow place, const Post& post, Random& random) : m_place(std::move(place)) {
    SecretBytes seed(32); // nobody in particular, and another one each time
    random.fill(seed.span());
    const auto nobody = std::make_shared<const keys::Identity>(keys::Identity::fromSeed(std::move(seed)));
    m_ownLink = linkOf(lineTo(m_place.coordinator, nobody));
    if (m_place.practice) m_hands = std::make_unique<Hands>(m_ownLink, post);
}

RemoteReach::~RemoteReach() = default;

api::Practice* RemoteReach::practice() { return m_hands.get(); }

std::optional<IdentityKey> RemoteReach::standby() const {
    return m_place.standby ? std::optional(m_place.standby->key) : std::nullopt;
}

Ways RemoteReach::waysFor(const keys::Identity& who) {
    const auto self = std::make_shared<const keys::Identity>(who.duplicate());
    const auto board = std::make_shared<LineBoard>();
    const auto line = [&](const api::ServerRow& server, ports::ServerRole role) {
        return lineTo(server, self, LineBoard::add(board, role, server.address));
    };
    const auto coordinator = line(m_place.coordinator, ports::ServerRole::Coordinator);
    Ways ways;
    ways.reachability = board;
    ways.coordinator = linkOf(coordinator);
    ways.files = {coordinator, coordinator->files.get()};
    ways.peers = {coordinator, coordinator->peers.get()};
    ways.keyServer = linkOf(line(m_place.keyServer, ports::ServerRole::KeyServer));
    if (m_place.standby) ways.standby = linkOf(line(*m_place.standby, ports::ServerRole::Standby));
    return ways;
}

} // namespace tallylock::app
