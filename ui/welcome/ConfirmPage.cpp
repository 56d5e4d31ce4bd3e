#include "ui/welcome/ConfirmPage.h"

#include "ui/kit/Banner.h"
#include "ui/kit/Widgets.h"
#include "ui/welcome/Secrets.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>

#include <algorithm>

namespace tallylock::ui {

ConfirmPage::ConfirmPage(QWidget* parent)
    : WelcomePage(tr("Confirm three words"), tr("Type these words from your paper."), parent) {
    auto* form = new QFormLayout;
    form->setSpacing(space::kSmall);
    for (Question& question : m_questions) {
        question.label = new QLabel(this);
        question.field = new QLineEdit(this);
        question.field->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhLowercaseOnly);
        question.field->setMaximumWidth(260);
        question.label->setBuddy(question.field);
        form->addRow(question.label, question.field);
        connect(question.field, &QLineEdit::returnPressed, this, &ConfirmPage::check);
    }
    body()->addLayout(form);
    connect(addButtons(tr("&Continue"), tr("Continue")), &QPushButton::clicked, this, &ConfirmPage::check);
}

void ConfirmPage::setPhrase(const SecretBytes& phrase) {
    m_phrase = phrase.clone();
    const auto count = static_cast<quint32>(wordsOf(m_phrase).size());
    std::array<quint32, 3> places{};
    for (std::size_t i = 0; i < places.size(); ++i) {
        do places[i] = QRandomGenerator::system()->bounded(count);
        while (std::count(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(i), places[i]) > 0);
    }
    std::sort(places.begin(), places.end());
    for (std::size_t i = 0; i < places.size(); ++i) {
        Question& question = m_questions[i];
        question.place = places[i];
        const QString name = tr("Word %1").arg(places[i] + 1);
        question.label->setText(name);
        question.field->setAccessibleName(name);
        dropSecret(*question.field);
    }
    banner()->clear();
}

void ConfirmPage::entered() { m_questions.front().field->setFocus(); }

void ConfirmPage::left() {
    for (Question& question : m_questions) dropSecret(*question.field);
    m_phrase = SecretBytes();
}

void ConfirmPage::check() {
    const auto words = wordsOf(m_phrase);
    for (Question& question : m_questions) {
        QByteArray typed = question.field->text().trimmed().toLower().toUtf8();
        const SecretBytes word = SecretBytes::takeFrom(
            {reinterpret_cast<std::uint8_t*>(typed.data()), static_cast<std::size_t>(typed.size())});
        if (word.equals(words[question.place])) continue;
        banner()->refuse(
            tr("Word %1 is not the one on the page before. Look at your paper again.").arg(question.place + 1));
        question.field->setFocus();
        question.field->selectAll();
        return;
    }
    emit confirmed();
}

} // namespace tallylock::ui
