#include "core/store/s3/Connection.h"

#include "core/crypto/Hash.h"
#include "core/store/s3/Answers.h"

#include <algorithm>
#include <chrono>
#include <curl/curl.h>
#include <thread>

namespace tallylock::store::s3 {

using ports::StoreError;
using ports::StoreFailure;

namespace {

constexpr long kNotFound = 404;
constexpr std::size_t kMostIdle = 8;

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

/// As the signature wants it: all but letters, digits and four others.
std::string encoded(std::string_view text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                             c == '.' || c == '_' || c == '~';
        if (isPlain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
    return out;
}

/// Answers after which the same may go well a little later.
bool isPassing(long status, const std::string& error) {
    constexpr long kPassing[] = {408, 425, 429, 500, 502, 503, 504};
    return std::find(std::begin(kPassing), std::end(kPassing), status) != std::end(kPassing) ||
           error == "RequestTimeout"; // which comes with 400
}

/// Failures that are the same at the next try.
bool isLasting(CURLcode code) {
    constexpr CURLcode kLasting[] = {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
                                     CURLE_UNSUPPORTED_PROTOCOL,     CURLE_URL_MALFORMAT,      CURLE_NOT_BUILT_IN,
                                     CURLE_ABORTED_BY_CALLBACK,      CURLE_WRITE_ERROR,        CURLE_OUT_OF_MEMORY};
    return std::find(std::begin(kLasting), std::end(kLasting), code) != std::end(kLasting);
}

/// What has come of a try so far.
struct Coming {
    const Request& request;
    Answer answer;
    bool isTooLong = false;
    bool isUnread = false; ///< the body could not be read
    std::uint64_t sent = 0;
};

std::size_t takeBody(char* data, std::size_t one, std::size_t count, void* coming) {
    Coming& to = *static_cast<Coming*>(coming);
    const std::size_t size = one * count;
    to.isTooLong = size > to.request.most - to.answer.body.size();
    if (to.isTooLong) return 0;
    append(to.answer.body, {reinterpret_cast<const std::uint8_t*>(data), size});
    return size;
}

std::size_t takeHeader(char* data, std::size_t one, std::size_t count, void* coming) {
    constexpr std::string_view kName = "etag:";
    const std::string_view line(data, one * count);
    if (line.size() > kName.size() && curl_strnequal(line.data(), kName.data(), kName.size()) != 0)
        static_cast<Coming*>(coming)->answer.etag = etagIn(line.substr(kName.size()));
    return one * count;
}

std::size_t giveBody(char* into, std::size_t one, std::size_t count, void* coming) {
    Coming& from = *static_cast<Coming*>(coming);
    const std::uint64_t left = from.request.body->size - from.sent;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(one * count, left));
    const auto got = from.request.body->readAt(from.sent, {reinterpret_cast<std::uint8_t*>(into), size});
    from.isUnread = got != size;
    if (from.isUnread) return CURL_READFUNC_ABORT;
    from.sent += size;
    return size;
}

int seekBody(void* coming, curl_off_t offset, int origin) {
    if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Coming*>(coming)->sent = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeList>;

} // namespace

Body Body::of(Bytes bytes) {
    const Hash sha256 = crypto::sha256(bytes);
    const std::uint64_t size = bytes.size();
    return {
        size, sha256,
        [bytes = std::move(bytes)](std::uint64_t offset, std::span<std::uint8_t> into) -> std::optional<std::size_t> {
            const auto from = static_cast<std::size_t>(std::min<std::uint64_t>(offset, bytes.size()));
            const std::size_t count = std::min(into.size(), bytes.size() - from);
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), count, into.begin());
            return count;
        }};
}

struct Connection::Try {
    std::optional<Answer> answer;
    bool isLasting = false;
    std::string why{};
};

/// One of libcurl's, for one call. Its connection is kept for the next; the access key is not.
class Connection::Handle {
public:
    explicit Handle(Connection& owner) : m_owner(owner) {
        static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (kReady != CURLE_OK) return;
        {
            const std::lock_guard lock(m_owner.m_mutex);
            if (!m_owner.m_idle.empty()) {
                m_handle = m_owner.m_idle.back();
                m_owner.m_idle.pop_back();
            }
        }
        if (!m_handle) m_handle = curl_easy_init();
    }
    ~Handle() {
        if (!m_handle) return;
        curl_easy_reset(m_handle);
        {
            const std::lock_guard lock(m_owner.m_mutex);
            if (m_owner.m_idle.size() < kMostIdle) m_owner.m_idle.push_back(std::exchange(m_handle, nullptr));
        }
        if (m_handle) curl_easy_cleanup(m_handle);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    bool isReady() const { return m_handle && m_failure == CURLE_OK; }
    template <class T>
    void set(CURLoption option, T value) {
        if (m_handle && m_failure == CURLE_OK) m_failure = curl_easy_setopt(m_handle, option, value);
    }
    CURLcode perform() { return isReady() ? curl_easy_perform(m_handle) : CURLE_NOT_BUILT_IN; }
    template <class T>
    T about(CURLINFO what) {
        T value{};
        return curl_easy_getinfo(m_handle, what, &value) == CURLE_OK ? value : T{};
    }

private:
    Connection& m_owner;
    CURL* m_handle = nullptr;
    CURLcode m_failure = CURLE_OK;
};

Connection::Connection(Place place, AccessKey key, Patience patience)
    : m_place(std::move(place)),
      m_key(std::move(key)),
      m_patience(patience) {}

Connection::~Connection() {
    for (void* handle : m_idle) curl_easy_cleanup(handle);
}

std::string Connection::urlOf(const Request& request) const {
    std::string url = m_place.endpoint + "/" + m_place.bucket;
    if (!request.key.empty()) url += "/" + m_place.prefix + request.key;
    char before = '?';
    for (const auto& [name, value] : request.query) {
        url += before + name + "=" + encoded(value);
        before = '&';
    }
    return url;
}

Result<Answer, StoreFailure> Connection::ask(const Request& request) {
    const std::int64_t begun = nowMs();
    std::int64_t pauseMs = m_patience.firstPauseMs;
    for (int tries = 1;; ++tries) {
        Try outcome = tryOnce(request);
        if (outcome.answer) return std::move(*outcome.answer);
        const bool isLast = request.isTriedOnce || outcome.isLasting || tries >= m_patience.tries ||
                            nowMs() + pauseMs - begun > m_patience.allMs;
        if (isLast) {
            const std::string where = m_place.endpoint + "/" + m_place.bucket +
                                      (request.key.empty() ? "" : "/" + m_place.prefix + request.key);
            return Err(StoreFailure{StoreError::Io, where + ": " + outcome.why});
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(pauseMs));
        pauseMs *= 2;
    }
}

Connection::Try Connection::tryOnce(const Request& request) {
    const std::string_view method = request.method;
    const bool carries = method == "PUT" || method == "POST";
    static const Body kNothing = Body::of({});
    Request whole = request;
    if (carries && !whole.body) whole.body = kNothing;
    Coming coming{whole, {}};
    const Hash sha256 = carries ? whole.body->sha256 : kNothing.sha256;
    const std::string url = urlOf(request);
    // libcurl signs every header that it is given, also one that is to be left out: this is the only one.
    const Headers headers(curl_slist_append(nullptr, ("x-amz-content-sha256: " + sha256.hex()).c_str()));
    const std::string scope = "aws:amz:" + m_place.region + ":s3";
    const std::string range = std::to_string(request.offset) + "-" + std::to_string(request.offset + request.size - 1);

    Handle curl(*this);
    curl.set(CURLOPT_URL, url.c_str());
    curl.set(CURLOPT_PATH_AS_IS, 1L);
    curl.set(CURLOPT_PROTOCOLS_STR, url.starts_with("https") ? "https" : "http");
    curl.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl.set(CURLOPT_PROXY, "");
    curl.set(CURLOPT_NOSIGNAL, 1L);
    curl.set(CURLOPT_FOLLOWLOCATION, 0L); // a signature is for one host
    curl.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_patience.connectMs));
    curl.set(CURLOPT_LOW_SPEED_LIMIT, 1024L);
    const std::int64_t stallMs = request.mayTakeLong ? m_patience.longMs : m_patience.stallMs;
    curl.set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(std::max<std::int64_t>(1, stallMs / 1000)));
    if (!m_place.certificates.empty()) curl.set(CURLOPT_CAINFO, m_place.certificates.c_str());
    curl.set(CURLOPT_AWS_SIGV4, scope.c_str());
    curl.set(CURLOPT_USERNAME, m_key.id.c_str());
    curl.set(CURLOPT_PASSWORD, reinterpret_cast<const char*>(m_key.secret.data()));
    curl.set(CURLOPT_HTTPHEADER, headers.get());
    curl.set(CURLOPT_WRITEFUNCTION, &takeBody);
    curl.set(CURLOPT_WRITEDATA, static_cast<void*>(&coming));
    curl.set(CURLOPT_HEADERFUNCTION, &takeHeader);
    curl.set(CURLOPT_HEADERDATA, static_cast<void*>(&coming));
    if (request.size != 0) curl.set(CURLOPT_RANGE, range.c_str());
    if (carries) {
        curl.set(CURLOPT_UPLOAD, 1L);
        curl.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(whole.body->size));
        curl.set(CURLOPT_READFUNCTION, &giveBody);
        curl.set(CURLOPT_READDATA, static_cast<void*>(&coming));
        curl.set(CURLOPT_SEEKFUNCTION, &seekBody);
        curl.set(CURLOPT_SEEKDATA, static_cast<void*>(&coming));
    }
    if (method == "HEAD") curl.set(CURLOPT_NOBODY, 1L);
    if (method != "GET" && method != "HEAD") curl.set(CURLOPT_CUSTOMREQUEST, request.method);

    const CURLcode code = curl.perform();
    if (coming.isTooLong) return {std::nullopt, true, "the answer is too long"};
    if (coming.isUnread) return {std::nullopt, true, "what is to be sent cannot be read"};
    if (code != CURLE_OK) return {std::nullopt, isLasting(code), curl_easy_strerror(code)};
    const auto status = curl.about<long>(CURLINFO_RESPONSE_CODE);
    const auto size = curl.about<curl_off_t>(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    coming.answer.size = size > 0 ? static_cast<std::uint64_t>(size) : 0;
    const std::string error = request.size == 0 || status / 100 != 2 ? errorCodeIn(coming.answer.body) : std::string();
    // A store that has already begun to answer says in its body that it failed.
    if (status / 100 == 2 && !error.empty()) return {std::nullopt, false, error};
    if (status / 100 == 2) return {std::move(coming.answer)};
    if (status == kNotFound && !request.key.empty() && error != "NoSuchBucket") {
        coming.answer.isThere = false;
        return {std::move(coming.answer)};
    }
    return {std::nullopt, !isPassing(status, error), std::to_string(status) + (error.empty() ? "" : " " + error)};
}

} // namespace tallylock::store::s3
