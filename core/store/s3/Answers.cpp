#include "core/store/s3/Answers.h"

#include <QXmlStreamReader>

#include <algorithm>

namespace tallylock::store::s3 {

namespace {

constexpr std::size_t kMostText = 1024;

QXmlStreamReader readerOf(ByteView xml) {
    return QXmlStreamReader(QByteArray(reinterpret_cast<const char*>(xml.data()), static_cast<qsizetype>(xml.size())));
}

/// Of an element without others in it.
std::string textIn(QXmlStreamReader& reader) {
    const std::string text = reader.readElementText(QXmlStreamReader::SkipChildElements).toStdString();
    return text.size() <= kMostText ? text : std::string();
}

bool isMadeOf(std::string_view text, std::string_view also) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               also.find(c) != std::string_view::npos;
    });
}

std::string plainOnly(const std::string& text) { return isMadeOf(text, "") ? text : std::string("?"); }

UploadPage::Upload uploadIn(QXmlStreamReader& reader) {
    UploadPage::Upload upload;
    while (reader.readNextStartElement()) {
        if (reader.name() == QLatin1String("Key")) {
            upload.key = textIn(reader);
        } else if (reader.name() == QLatin1String("UploadId")) {
            upload.id = textIn(reader);
        } else {
            reader.skipCurrentElement();
        }
    }
    return upload;
}

} // namespace

std::string errorCodeIn(ByteView xml) {
    QXmlStreamReader reader = readerOf(xml);
    if (!reader.readNextStartElement() || reader.name() != QLatin1String("Error")) return {};
    while (reader.readNextStartElement()) {
        if (reader.name() == QLatin1String("Code")) return plainOnly(textIn(reader));
        reader.skipCurrentElement();
    }
    return "?";
}

std::optional<std::string> uploadIdIn(ByteView xml) {
    QXmlStreamReader reader = readerOf(xml);
    if (!reader.readNextStartElement() || reader.name() != QLatin1String("InitiateMultipartUploadResult"))
        return std::nullopt;
    while (reader.readNextStartElement()) {
        if (reader.name() != QLatin1String("UploadId")) {
            reader.skipCurrentElement();
            continue;
        }
        std::string id = textIn(reader);
        return isUploadId(id) ? std::optional(std::move(id)) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<UploadPage> uploadPageIn(ByteView xml) {
    QXmlStreamReader reader = readerOf(xml);
    if (!reader.readNextStartElement() || reader.name() != QLatin1String("ListMultipartUploadsResult"))
        return std::nullopt;
    UploadPage page;
    while (reader.readNextStartElement()) {
        const auto name = reader.name();
        if (name == QLatin1String("Upload")) {
            page.uploads.push_back(uploadIn(reader));
        } else if (name == QLatin1String("IsTruncated")) {
            page.isLast = textIn(reader) != "true";
        } else if (name == QLatin1String("NextKeyMarker")) {
            page.nextKey = textIn(reader);
        } else if (name == QLatin1String("NextUploadIdMarker")) {
            page.nextId = textIn(reader);
        } else {
            reader.skipCurrentElement();
        }
    }
    return reader.hasError() ? std::nullopt : std::optional(std::move(page));
}

bool isUploadId(std::string_view text) {
    return !text.empty() && text.size() <= kMostText &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string etagIn(std::string_view header) {
    constexpr std::size_t kMost = 128;
    const std::size_t first = header.find('"');
    const std::size_t last = header.rfind('"');
    if (first != std::string_view::npos && last > first) header = header.substr(first + 1, last - first - 1);
    const bool isPlain = !header.empty() && header.size() <= kMost && isMadeOf(header, "-_+/=");
    return isPlain ? std::string(header) : std::string();
}

Bytes completion(const std::vector<std::string>& etags) {
    std::string xml = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < etags.size(); ++i) {
        xml += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>\"" + etags[i] + "\"</ETag></Part>";
    }
    return bytesOf(std::string_view(xml + "</CompleteMultipartUpload>"));
}

} // namespace tallylock::store::s3
