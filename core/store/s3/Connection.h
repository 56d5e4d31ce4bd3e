// Signed requests to one bucket, through libcurl. What passes by itself (no way there, a store that is busy) is tried
// again after growing pauses, within bounds.
#pragma once

#include "core/base/Fixed.h"
#include "core/store/s3/Bucket.h"

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace tallylock::store::s3 {

/// How long a call goes on trying.
struct Patience {
    int tries = 6;
    std::int64_t firstPauseMs = 100; ///< each pause is twice the one before
    std::int64_t allMs = 20'000;     ///< no try begins later than this after the first
    std::int64_t connectMs = 5'000;
    std::int64_t stallMs = 10'000; ///< a try in which less than a kilobyte a second moves is given up
    std::int64_t longMs = 120'000; ///< the same where the store has much to do before it answers
};

/// What a request carries. Read from its beginning once for each try.
struct Body {
    std::uint64_t size = 0;
    Hash sha256; ///< signed: other bytes are refused by the store
    /// Fills as much as there is; nothing on a failure.
    std::function<std::optional<std::size_t>(std::uint64_t offset, std::span<std::uint8_t> into)> readAt{};

    static Body of(Bytes bytes);
};

struct Request {
    const char* method = "GET";
    std::string key{}; ///< of the object, without the prefix; empty: the bucket
    /// In the order of their names, which is the order that is signed.
    std::vector<std::pair<std::string, std::string>> query{};
    std::uint64_t offset = 0;     ///< with `size`: a piece of the object
    std::uint64_t size = 0;       ///< 0: all
    std::optional<Body> body{};   ///< none: PUT and POST carry nothing
    std::size_t most = 1U << 22U; ///< bytes of the answer: more is a failure
    bool isTriedOnce = false;     ///< no second try
    bool mayTakeLong = false;
};

struct Answer {
    bool isThere = true; ///< false: there is no such object or upload
    Bytes body{};
    std::uint64_t size = 0; ///< of the object that was asked about
    std::string etag{};
};

/// Any thread: each call has a connection of its own while it lasts.
class Connection {
public:
    Connection(Place place, AccessKey key, Patience patience);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Waits.
    Result<Answer, ports::StoreFailure> ask(const Request& request);
    const Place& place() const { return m_place; }

private:
    struct Try;
    class Handle;
    Try tryOnce(const Request& request);
    std::string urlOf(const Request& request) const;

    Place m_place;
    AccessKey m_key;
    Patience m_patience;
    std::mutex m_mutex;
    std::vector<void*> m_idle; ///< handles of libcurl, whose connections are still open
};

} // namespace tallylock::store::s3
