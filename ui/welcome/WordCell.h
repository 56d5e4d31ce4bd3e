#pragma once

#include "core/base/SecretBytes.h"

#include <QWidget>

namespace tallylock::ui {

/// Shows one numbered word of a seed phrase. The word stays in guarded memory and becomes letters only while it is
/// painted, or when an assistive technology asks for the cell's value.
class WordCell : public QWidget {
    Q_OBJECT
public:
    explicit WordCell(int number, QWidget* parent = nullptr);

    void setWord(ByteView word);
    void clear();
    const SecretBytes& word() const { return m_word; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_number;
    SecretBytes m_word;
};

} // namespace tallylock::ui
