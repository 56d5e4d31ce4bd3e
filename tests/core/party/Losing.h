// A network that does not bring everything.
#pragma once

#include "core/ports/Link.h"
#include "core/wire/Frames.h"

namespace tallylock::test {

/// A link on which some requests are lost.
class Losing final : public ports::Link {
public:
    using Lost = std::function<bool(const wire::Request&)>;
    Losing(std::unique_ptr<ports::Link> link, Lost lost) : m_link(std::move(link)), m_lost(std::move(lost)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        const auto request = decodeCbor<wire::Request>(frame);
        if (request && m_lost(*request)) return done(Err(ports::LinkError::Closed));
        m_link->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_link->subscribe(stream, cursor, std::move(onItem));
    }

private:
    std::unique_ptr<ports::Link> m_link;
    Lost m_lost;
};

/// Where nobody answers any more.
class Gone final : public ports::Link {
public:
    void request(Bytes, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        done(Err(ports::LinkError::Closed));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                   std::function<void(const wire::StreamItem&)>) override {
        return nullptr;
    }
};

} // namespace tallylock::test
