// A field for the six digits that an authenticator shows.
#pragma once

#include <QLineEdit>

namespace tallylock::ui {

class CodeField : public QLineEdit {
    Q_OBJECT
public:
    explicit CodeField(QWidget* parent = nullptr);
    /// What was typed; the field is empty then, since a code counts once.
    std::string take();
};

} // namespace tallylock::ui
