// Where an S3-compatible store is, and with which access key it is asked.
#pragma once

#include "core/base/SecretBytes.h"
#include "core/ports/Journal.h"

namespace tallylock::store::s3 {

/// A bucket, and the part of it that is ours.
struct Place {
    std::string endpoint; ///< "https://host" or "https://host:port"; the bucket is asked for as its path
    std::string region;
    std::string bucket;
    std::string prefix{};       ///< before every name: "" or "tallylock/"
    std::string certificates{}; ///< a PEM file of those that sign the store's certificate; empty: the system's
    bool mayBePlain = false;    ///< http:// also to a host that is not this machine
};

/// What is wrong with it, as a sentence; nothing if nothing is.
std::optional<std::string> faultOf(const Place& place);

struct AccessKey {
    std::string id;
    SecretBytes secret; ///< ends with a zero byte, as libcurl wants it

    /// From a file of two lines, id and secret, that others may not read.
    static Result<AccessKey, ports::StoreFailure> readFrom(const std::string& path);
};

} // namespace tallylock::store::s3
