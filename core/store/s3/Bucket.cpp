#include "core/store/s3/Bucket.h"

#include "core/store/Disk.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

namespace tallylock::store::s3 {

using ports::StoreError;
using ports::StoreFailure;

namespace {

constexpr std::string_view kSecure = "https://";
constexpr std::string_view kPlain = "http://";
constexpr std::size_t kMostKeyFile = 1024;

bool consistsOf(std::string_view text, std::string_view also) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               also.find(c) != std::string_view::npos;
    });
}

/// "host", "host:port" or "[address]:port": what may stand between the scheme and the path.
bool isAuthority(std::string_view text) { return !text.empty() && consistsOf(text, ".-:[]"); }

bool isLoopback(std::string_view authority) {
    if (authority.starts_with('[')) return authority.starts_with("[::1]");
    const std::string_view host = authority.substr(0, authority.find(':'));
    const bool isNumber =
        std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return host == "localhost" || (isNumber && host.starts_with("127."));
}

/// Names that are signed and sent as they are written.
bool isPrefix(std::string_view prefix) {
    constexpr std::size_t kMost = 200;
    if (prefix.empty()) return true;
    return prefix.size() <= kMost && consistsOf(prefix, "._-/") && !prefix.starts_with('/') &&
           prefix.find("//") == std::string_view::npos && prefix.find("..") == std::string_view::npos &&
           prefix.find("./") == std::string_view::npos;
}

std::string_view nextLine(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Visible characters only: they become part of a header.
bool isKeyText(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

std::optional<std::string> faultOf(const Place& place) {
    const std::string_view endpoint = place.endpoint;
    const bool isSecure = endpoint.starts_with(kSecure);
    const bool isPlain = endpoint.starts_with(kPlain);
    const std::string_view authority = endpoint.substr(isSecure ? kSecure.size() : isPlain ? kPlain.size() : 0);
    if ((!isSecure && !isPlain) || !isAuthority(authority))
        return "the endpoint is to be https://HOST or https://HOST:PORT";
    if (isPlain && !place.mayBePlain && !isLoopback(authority))
        return "the endpoint is without TLS, which is allowed on this machine only";
    if (place.bucket.size() < 3 || place.bucket.size() > 63 || !consistsOf(place.bucket, ".-") ||
        place.bucket.find("..") != std::string::npos)
        return "the bucket is to be 3 to 63 letters, digits, dots and dashes";
    if (place.region.empty() || place.region.size() > 64 || !consistsOf(place.region, "-_"))
        return "the region is to be letters, digits and dashes";
    if (!isPrefix(place.prefix)) return "the prefix is to be letters, digits, dots and dashes, as \"tallylock/\"";
    return std::nullopt;
}

Result<AccessKey, StoreFailure> AccessKey::readFrom(const std::string& path) {
    DiskFile file(path, O_RDONLY);
    struct stat about {};
    if (!file.isOpen() || ::fstat(file.number(), &about) != 0) return Err(diskFailure(path));
    if ((about.st_mode & S_IRWXO) != 0) // a group may be the service's own
        return Err(StoreFailure{StoreError::Io, path + ": everybody may read it; chmod o= on it"});
    SecretBytes content(kMostKeyFile);
    const auto size = file.readAt(0, content.span());
    if (!size) return Err(diskFailure(path));
    std::string_view rest(reinterpret_cast<const char*>(content.data()), *size);
    const std::string_view id = nextLine(rest);
    const std::string_view secret = nextLine(rest);
    if (*size == kMostKeyFile || !isKeyText(id) || !isKeyText(secret) || !rest.empty())
        return Err(StoreFailure{StoreError::Damaged, path + ": to be two lines, the access key's id and its secret"});
    AccessKey key;
    key.id = id;
    key.secret = SecretBytes(secret.size() + 1);
    std::copy(secret.begin(), secret.end(), key.secret.data());
    return key;
}

} // namespace tallylock::store::s3
