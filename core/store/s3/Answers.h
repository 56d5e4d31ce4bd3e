// What an S3-compatible store says in XML. Read with Qt's stream reader, which opens no outside entity; what is kept of
// an answer is bounded and made of plain characters, because it goes into requests and messages.
#pragma once

#include "core/base/Bytes.h"

namespace tallylock::store::s3 {

/// "NoSuchBucket" of an <Error>; empty if it is none.
std::string errorCodeIn(ByteView xml);
/// What <InitiateMultipartUploadResult> has named an upload; nothing if that is not what it is.
std::optional<std::string> uploadIdIn(ByteView xml);

/// A page of the uploads that are begun and not complete.
struct UploadPage {
    struct Upload {
        std::string key;
        std::string id;
    };
    std::vector<Upload> uploads;
    bool isLast = true;
    std::string nextKey{}; ///< where the next page begins
    std::string nextId{};
};
std::optional<UploadPage> uploadPageIn(ByteView xml);

/// An upload's name may stand in a request.
bool isUploadId(std::string_view text);
/// Without its quotes; empty if it is none that may stand in a request.
std::string etagIn(std::string_view header);
/// What completes an upload of these parts, which are numbered from 1.
Bytes completion(const std::vector<std::string>& etags);

} // namespace tallylock::store::s3
