#pragma once

#include "core/api/Rows.h"
#include "core/base/SecretBytes.h"
#include "ui/kit/Widgets.h"

#include <vector>

class QCompleter;
class QLineEdit;

namespace tallylock::ui {

class Banner;
class Context;
class Facts;
class SecretWords;

/// The two parts of a key: how they stand, and the ways to get them again, by hand, and to see the second as words.
class KeyPanel : public Card {
    Q_OBJECT
public:
    KeyPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setSale(SaleId sale, const std::vector<api::KeyPartRow>& parts);

signals:
    /// A part came or was entered: ask for the library again.
    void changed();

private:
    QWidget* makeWords();
    QLineEdit* addWord(int number);
    void fill();
    void fetchAgain();
    void showWords();
    void wordEdited(std::size_t index, const QString& text);
    void mark(std::size_t index);
    void checkSum();
    void enter();
    void dropWords();
    SecretBytes joined() const;

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    std::vector<api::KeyPartRow> m_parts;
    bool m_asking = false;
    Facts* m_facts;
    QPushButton* m_fetch;
    QPushButton* m_type;
    QPushButton* m_show;
    SecretWords* m_secret;
    std::vector<QLineEdit*> m_words;
    QLabel* m_hint = nullptr;
    QPushButton* m_take = nullptr;
    QWidget* m_entry; ///< holds the three before
};

} // namespace tallylock::ui
