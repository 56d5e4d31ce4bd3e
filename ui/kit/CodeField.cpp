#include "ui/kit/CodeField.h"

#include <QRegularExpressionValidator>

namespace tallylock::ui {

CodeField::CodeField(QWidget* parent) : QLineEdit(parent) {
    setAccessibleName(tr("One-time code"));
    setInputMethodHints(Qt::ImhDigitsOnly);
    setPlaceholderText(tr("six digits"));
    setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{6}")), this));
}

std::string CodeField::take() {
    std::string code = text().toStdString();
    clear();
    return code;
}

} // namespace tallylock::ui
