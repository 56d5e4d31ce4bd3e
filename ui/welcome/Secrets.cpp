#include "ui/welcome/Secrets.h"

#include <QLineEdit>

namespace tallylock::ui {

namespace {

/// Overwrites the characters in place. The field shares them with `text` until somebody writes; a write through
/// QString would make a copy and leave the old letters in memory, so this one goes round it on purpose.
void overwrite(QString text) {
    if (text.data_ptr().d_ptr() == nullptr) return; // a literal of the program: no secret, and not to be written
    auto* letters = const_cast<QChar*>(text.constData());
    wipe({reinterpret_cast<std::uint8_t*>(letters), static_cast<std::size_t>(text.size()) * sizeof(QChar)});
}

} // namespace

SecretBytes takeSecret(QLineEdit& field) {
    SecretBytes secret;
    {
        QByteArray bytes = field.text().toUtf8();
        secret = SecretBytes::takeFrom(
            {reinterpret_cast<std::uint8_t*>(bytes.data()), static_cast<std::size_t>(bytes.size())});
    }
    dropSecret(field);
    return secret;
}

void dropSecret(QLineEdit& field) {
    if (!field.text().isEmpty()) {
        const QString text = field.text();
        overwrite(text);
    }
    field.setText(QString()); // also forgets what could be undone
}

std::vector<ByteView> wordsOf(const SecretBytes& phrase) {
    std::vector<ByteView> words;
    const ByteView all = phrase.view();
    std::size_t from = 0;
    for (std::size_t at = 0; at <= all.size(); ++at) {
        if (at < all.size() && all[at] != ' ') continue;
        if (at > from) words.push_back(all.subspan(from, at - from));
        from = at + 1;
    }
    return words;
}

} // namespace tallylock::ui
