// Reads tests/vectors/*.txt: one vector a line, its fields between bars, comments after '#'.
#pragma once

#include <QFile>
#include <QString>

#include <cstdlib>
#include <string>
#include <vector>

namespace tallylock::test {

inline std::vector<std::vector<std::string>> vectorLines(const char* name) {
    QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/") + QString::fromLatin1(name));
    if (!file.open(QIODevice::ReadOnly)) qFatal("%s is missing", name);
    std::vector<std::vector<std::string>> lines;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.isEmpty() || line.startsWith('#')) continue;
        std::vector<std::string> fields;
        for (const QByteArray& field : line.split('|')) fields.push_back(field.toStdString());
        lines.push_back(std::move(fields));
    }
    return lines;
}

/// "m/0'/1" as BIP-32 counts: 2^31 is added for the mark.
inline std::vector<std::uint32_t> pathOf(const std::string& text) {
    std::vector<std::uint32_t> path;
    for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 1)) {
        char* end = nullptr;
        auto index = static_cast<std::uint32_t>(std::strtoul(text.c_str() + at + 1, &end, 10));
        if (*end == '\'') index |= 0x80000000;
        path.push_back(index);
    }
    return path;
}

} // namespace tallylock::test
