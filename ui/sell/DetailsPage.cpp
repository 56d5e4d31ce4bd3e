#include "ui/sell/DetailsPage.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Widgets.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {
namespace {

QLabel* labelFor(QWidget* field, const QString& text, const QString& name) {
    auto* label = new QLabel(text);
    label->setBuddy(field);
    field->setAccessibleName(name);
    return label;
}

} // namespace

DetailsPage::DetailsPage(Context& context, SellForm& form, QWidget* parent)
    : SellPage(context, form, parent),
      m_name(new QLineEdit),
      m_description(new QPlainTextEdit),
      m_left(new QLabel),
      m_price(new AmountField) {
    m_name->setMaxLength(kNameBytes);
    m_description->setTabChangesFocus(true);
    m_description->setPlaceholderText(tr("What is in the file, and what may the buyer do with it?"));
    m_price->setMaximumWidth(260);
    setRank(m_left, Rank::Muted);
    m_left->setAlignment(Qt::AlignRight);
    const auto& rows = context.units().rows();
    const auto dollars = std::find_if(rows.begin(), rows.end(), [](const api::UnitRow& r) { return r.code == "USD"; });
    if (dollars != rows.end()) m_price->setUnit(*dollars, dollars->shownDecimals);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    layout->addWidget(labelFor(m_name, tr("&Name"), tr("Name")));
    layout->addWidget(m_name);
    layout->addSpacing(space::kMedium);
    auto* heading = new QHBoxLayout;
    heading->addWidget(labelFor(m_description, tr("&Description"), tr("Description")));
    heading->addWidget(m_left, 1);
    layout->addLayout(heading);
    m_description->setMinimumHeight(100);
    m_description->setMaximumHeight(220);
    layout->addWidget(m_description, 1);
    layout->addSpacing(space::kMedium);
    layout->addWidget(labelFor(m_price, tr("&Price"), tr("Price")));
    layout->addWidget(m_price);
    layout->addWidget(m_price->note());
    layout->addWidget(plainText(tr("You are paid in dollars; the buyer pays in a cryptocurrency."), Rank::Muted));
    layout->addStretch();

    connect(m_description, &QPlainTextEdit::textChanged, this, &DetailsPage::keepLength);
    connect(m_name, &QLineEdit::returnPressed, this, &DetailsPage::advance);
    connect(m_price, &QLineEdit::returnPressed, this, &DetailsPage::advance);
    keepLength();
}

void DetailsPage::enter() {
    if (m_forPath == form().file.path) return;
    m_forPath = form().file.path;
    m_name->setText(QFileInfo(form().file.name).completeBaseName().left(100));
}

QWidget* DetailsPage::firstField() { return m_name; }

void DetailsPage::clear() {
    m_forPath.clear();
    m_name->clear();
    m_description->clear();
    m_price->reset();
}

void DetailsPage::keepLength() {
    const int left = kDescriptionBytes - static_cast<int>(m_description->toPlainText().toUtf8().size());
    m_left->setVisible(left < 200);
    m_left->setText(tr("Characters left: %1").arg(locale().toString(left)));
}

QString DetailsPage::commit() {
    const QString name = plainLine(m_name->text().toStdString());
    const QString description = plainParagraphs(m_description->toPlainText().toStdString()).trimmed();
    if (name.isEmpty()) {
        m_name->setFocus();
        return tr("Give it a name, so that buyers can find it.");
    }
    if (name.toUtf8().size() > kNameBytes) {
        m_name->setFocus();
        return tr("The name is too long. Shorten it.");
    }
    if (const auto over = description.toUtf8().size() - kDescriptionBytes; over > 0) {
        m_description->setFocus();
        return tr("The description is too long. Shorten it by at least %1 characters.")
            .arg(locale().toString(qlonglong{over}));
    }
    const auto price = m_price->amount();
    if (!price || price->value <= 0) {
        m_price->setFocus();
        return m_price->text().trimmed().isEmpty() ? tr("Enter a price.") : m_price->problem();
    }
    form().name = name;
    form().description = description;
    form().price = *price;
    return {};
}

} // namespace tallylock::ui
