#include "ui/kit/CodeDialog.h"

#include "ui/kit/CodeField.h"
#include "ui/kit/Widgets.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace tallylock::ui {

CodeDialog::CodeDialog(QWidget* parent)
    : QDialog(parent),
      m_code(new CodeField(this)),
      m_go(new PrimaryButton(tr("&Go on"), this)) {
    setWindowTitle(tr("One-time code"));
    setAccessibleName(windowTitle());
    setAttribute(Qt::WA_DeleteOnClose);
    m_go->setEnabled(false);
    m_go->setDefault(true);
    connect(m_code, &QLineEdit::textChanged, this, [this] { m_go->setEnabled(m_code->hasAcceptableInput()); });
    connect(m_go, &QPushButton::clicked, this, &CodeDialog::take);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(m_go, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setSpacing(space::kMedium);
    column->addWidget(plainText(tr("The rules of this account want a code for this. Type the one that your "
                                   "authenticator shows now; each counts once."),
                                Rank::Normal, this));
    column->addWidget(m_code);
    column->addWidget(buttons);
}

void CodeDialog::take() {
    const QString code = QString::fromStdString(m_code->take());
    accept();
    emit entered(code);
}

} // namespace tallylock::ui
