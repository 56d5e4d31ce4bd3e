#pragma once

#include "core/base/SecretBytes.h"

#include <QWidget>

namespace tallylock::ui {

/// Twelve numbered words, in guarded memory: letters only while they are painted.
class SecretWords : public QWidget {
    Q_OBJECT
public:
    explicit SecretWords(QWidget* parent = nullptr);
    /// Separated by single spaces.
    void setWords(SecretBytes words);
    void clear();
    bool isEmpty() const { return m_words.size() == 0; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SecretBytes m_words;
};

} // namespace tallylock::ui
