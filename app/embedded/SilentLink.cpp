#include "app/embedded/SilentLink.h"

namespace tallylock::app {

namespace {
class SilentLink final : public ports::Link {
public:
    explicit SilentLink(std::unique_ptr<ports::Link> link) : m_link(std::move(link)) {}

    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        const auto request = decodeCbor<wire::Request>(frame);
        const bool isLost = request && (std::holds_alternative<wire::Release>(*request) ||
                                        std::holds_alternative<wire::ChallengeRequest>(*request));
        if (isLost) return done(Err(ports::LinkError::Closed));
        m_link->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_link->subscribe(stream, cursor, std::move(onItem));
    }

private:
    std::unique_ptr<ports::Link> m_link;
};

class NoItems final : public ports::Subscription {};

class DeadLink final : public ports::Link {
public:
    void request(Bytes, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        done(Err(ports::LinkError::Closed));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                   std::function<void(const wire::StreamItem&)>) override {
        return std::make_unique<NoItems>();
    }
};
} // namespace

std::unique_ptr<ports::Link> silentAfterPayment(std::unique_ptr<ports::Link> link) {
    return std::make_unique<SilentLink>(std::move(link));
}

std::unique_ptr<ports::Link> silent() { return std::make_unique<DeadLink>(); }

} // namespace tallylock::app
