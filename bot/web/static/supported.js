// GOV.UK Frontend shows what needs scripts only where these classes say that scripts run.
"use strict";
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
