"""Every feature of the house, and what it hangs into pages that several share."""

from functools import partial

from flask import Flask

from wesentra.accounts import (
    confirm_views,
    links_views,
    log_notice_views,
    own_sessions_views,
    passkey_sign_in_views,
    passkey_views,
    purposes_views,
    required_factors_views,
    rights_views,
    roles_views,
    second_factor_views,
    second_step_views,
    users_views,
)
from wesentra.accounts import views as accounts
from wesentra.accounts.sso import confirm_views as sso_confirm
from wesentra.accounts.sso import setup as sso_setup
from wesentra.accounts.sso import views as sso
from wesentra.compliance.access_log import alarm, hold_views, person_views, user_views
from wesentra.compliance.access_log import restore_views as log_restores
from wesentra.compliance.access_log import state as log_state
from wesentra.compliance.access_log import views as access_log
from wesentra.compliance.backups import alarm as backup_alarm
from wesentra.compliance.backups import figures as backups
from wesentra.compliance.breaches import actions as breach_actions
from wesentra.compliance.breaches import views as breaches
from wesentra.compliance.dashboard import views as dashboard
from wesentra.compliance.disclosures import views as disclosures
from wesentra.compliance.disclosures import words as disclosure_words
from wesentra.compliance.erasures import at_once
from wesentra.compliance.erasures import views as erasures
from wesentra.compliance.log_review import own_views as own_review
from wesentra.compliance.log_review import views as log_review
from wesentra.compliance.minimisation import views as minimisation
from wesentra.compliance.objections import views as objections
from wesentra.compliance.restrictions import views as restrictions
from wesentra.compliance.retention import listening as retention_dates
from wesentra.compliance.retention import rule_views as retention_rules
from wesentra.compliance.retention import views as retention
from wesentra.compliance.retention import words as retention_words
from wesentra.compliance.staff_notice import views as staff_notice
from wesentra.compliance.subject_requests import views as subject_requests
from wesentra.crm.companies import forms as company_forms
from wesentra.crm.companies import views as companies
from wesentra.crm.contacts import actions as contact_actions
from wesentra.crm.contacts import views as contacts
from wesentra.crm.day import views as day
from wesentra.crm.imports import views as imports
from wesentra.crm.interactions import forms as interaction_forms
from wesentra.crm.interactions import views as interactions
from wesentra.crm.search import views as search
from wesentra.crm.tasks import views as tasks
from wesentra.crm.values import phone
from wesentra.web import health, ids, trust
from wesentra.web.panels import Panels


def install(app: Flask) -> None:
    """Register every blueprint and hang every panel."""
    app.url_map.converters["int"] = ids.IdConverter
    for feature in (
        accounts,
        links_views,
        second_step_views,
        passkey_sign_in_views,
        sso,
        sso_confirm,
        second_factor_views,
        passkey_views,
        confirm_views,
        users_views,
        required_factors_views,
        roles_views,
        own_sessions_views,
        log_notice_views,
        purposes_views,
        rights_views,
        health,
        trust,
        day,
        companies,
        contacts,
        interactions,
        tasks,
        search,
        imports,
        access_log,
        hold_views,
        person_views,
        user_views,
        dashboard,
        log_restores,
        log_review,
        breaches,
        subject_requests,
        staff_notice,
        objections,
        restrictions,
        disclosures,
        retention,
        retention_rules,
        minimisation,
        erasures,
    ):
        app.register_blueprint(feature.blueprint)
    sso_setup.install(app)
    retention_dates.listen()
    panels = Panels()
    panels.hang("top", "log.alarm", alarm.panel)
    panels.hang("top", "log.alarm", backup_alarm.panel)
    panels.hang("account", "account.own", second_factor_views.panel)
    panels.hang("user", "settings.read", required_factors_views.user_panel)
    panels.hang("user", "settings.read", sso.user_panel)
    panels.hang("day", "log_review.own", own_review.day_panel)
    panels.hang("day", "roles.write", roles_views.day_panel)
    panels.hang("day", "tasks.read", tasks.day_panel)
    panels.hang("day", "retention.write", retention.day_panel)
    panels.hang("day", "retention.read", retention.month_panel)
    panels.hang("day", "disclosures.read", disclosures.month_panel)
    panels.hang("leaving", "disclosures.write", disclosures.leaving_panel)
    panels.hang("day", "contacts.read", contacts.due_panel)
    panels.hang("day", "interactions.read", interactions.day_panel)
    panels.hang("day", "erasures.own", erasures.day_panel)
    panels.hang("contact", "tasks.read", tasks.contact_panel)
    panels.hang("contact", "interactions.read", interactions.contact_panel)
    panels.hang("contact_head", "contacts.read", restrictions.badge)
    panels.hang("contact_head", "contacts.read", objections.badge)
    panels.hang("contact_rights", "objections.write", objections.right)
    panels.hang("contact_rights", "restrictions.write", restrictions.right)
    panels.hang("contact_rights", "disclosures.write", disclosures.right)
    panels.hang("contact_rights", "erasures.delete", at_once.right)
    panels.hang("contact", "retention.write", retention.contact_panel)
    panels.hang("retention_contact", "minimisation.delete", minimisation.contact_panel)
    panels.hang("company", "contacts.read", contacts.company_panel)
    panels.hang("company", "retention.write", retention.company_panel)
    panels.hang("dashboard.figures", "log.read", log_state.figure)
    panels.hang("dashboard.figures", "log_review.read", log_review.dashboard_figure)
    panels.hang("dashboard.figures", "retention.read", retention.dashboard_figure)
    panels.hang("dashboard.figures", "erasures.read", erasures.dashboard_figure)
    panels.hang("dashboard.figures", "dashboard.read", backups.panel)
    panels.hang("dashboard.wide", "log.read", log_state.panel)
    panels.hang("dashboard", "log_review.read", log_review.dashboard_panel)
    panels.hang("dashboard", "breaches.read", breaches.dashboard_panel)
    app.jinja_env.globals["panels"] = panels.show
    app.jinja_env.globals["categories_named"] = disclosure_words.named.categories
    app.jinja_env.globals["authority_offered"] = trust.offered
    app.extensions[companies.TRADER_DOOR] = contact_actions.create_sole_trader
    app.extensions[minimisation.EMPTY_DOOR] = contact_actions.empty
    app.extensions[log_review.BREACH_DOOR] = breach_actions.draft
    app.jinja_env.filters.update(
        phone=partial(phone.show, region=app.extensions["wesentra_settings"].region),
        group_name=company_forms.group_name,
        country_name=company_forms.country_name,
        rule_name=retention_words.of_code,
        warning_of=companies.warning,
        channel_name=interaction_forms.channel_name,
        direction_name=interaction_forms.direction_name,
    )
