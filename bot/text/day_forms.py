"""The forms in which days are named, step by step: what stands in an earlier step is read before the later ones."""

from bot.text import day_meanings as m
from bot.text import day_relations as r
from bot.text.day_grammar import DayForm, form
from bot.text.days import week, weekend

_AND = r"(?:,|and|or|&|/|nor|and or)"
_LIST = rf"(?: (?:{_AND}|to|-|until|the|O\d+|S\d+|W\d+))*"
_NO_DAY = (
    r"(?! (?:session|one|time|times|week|day|block|half|floor|month|weekend|few|thing|person|part|aid|name|place"
    r"|N\d+|WW?\d+)(?!\S))"
)
"""What an ordinal may stand before without being the number of a day: "the 2nd session", "the first one"."""
_THE = "(?:the )?"
_NEXT_ONE = r"(?:next(?: (?:N1|week|W\d+))?|following(?: N1)?|(?:N1|week|W\d+) after(?: that)?)"

_NOT_BACK = "(?:not (?:be |back |in |about |around |free |available |here |home |able |coming )*)?"
_BEFORE_MONTH = ("of", "before", "after", "until", "about", "mid", "week", "end", "early", "late")

_CALENDAR: list[DayForm] = [
    form(f"{_THE}day after tomorrow", lambda line, g: r.distance(line, ("N2", "day"))),
    form(f"{_THE}day before yesterday", lambda line, g: r.ago(line, ("N2", "day"))),
    form("today|tonight|this (?:morning|afternoon|evening)", lambda line, g: line.today),
    form("tomorrow(?: (?:night|evening|morning|afternoon))?", lambda line, g: r.distance(line, ("N1", "day"))),
    form("yesterday|last nights?", lambda line, g: r.ago(line, ("N1", "day"))),
    form("(?:the |next )*bank holiday <W>", m.bank_holiday),
    form(f"{_THE}(?:early |late |spring |summer )?<M> bank holiday", m.bank_holiday),
    form("(?:the |next |a |any )*bank holidays?", m.bank_holiday),
    # "the 1st or the 8th of December": the month is said once.
    form(rf"{_THE}<O>(?={_LIST} [OS]\d+(?: of)? <M><Y>(?!\S))", m.dated),
    form(r"<N>(?= (?:to|-|until|and|or|&|/) N\d+(?: of)? <M><Y>(?!\S))", m.dated),
    form(rf"{_THE}([OSN]\d+)(?: of)? <M><Y>", m.dated),
    form(r"<M>(?: the)? ([OSN]\d+)(?: ,)?<Y>", m.dated),
    form(f"{_THE}<O> of (this|next|last) month", m.of_month),
    form(rf"{_THE}(O\d+|S\d+) of (?:the|each|every) month", m.numbered),
    form(rf"{_THE}([OS]\d+|last) <W> (?:of|in) (?:the|each|every) month", m.nth_of_any_month),
    form(f"{_THE}week after next", lambda line, g: week(line.today, 2)),
    form(f"{_THE}weekend after next", lambda line, g: weekend(line.today, 2)),
    form(f"{_THE}month after next", lambda line, g: r.distance(line, ("N2", "month"))),
    form(f"{_THE}week before last", lambda line, g: week(line.today, -2)),
    form(f"(?:{_THE}rest of |later )(?:the |this )?(week|month)", m.rest_of),
    form(r"(this|next|last|past) (week|weekend|month)(?! (?:of|in|P\d+)(?!\S))", m.that),
    form(r"(?:on |at )?the weekend(?! (?:before|after|of)(?!\S))", lambda line, g: weekend(line.today)),
    form(f"(?:in|during|throughout|all|all of|over|{_THE}whole of|this|next|last) <M><Y>", m.month),
    *(form(f"(?<={word} )<M><Y>", m.month) for word in _BEFORE_MONTH),
    form(r"(?<![NOS]\d )(?<![NOS]\d\d )(M2|M7|M8|M9|M10|M11|M12)<Y>", m.month),
    form(
        "(?<=end of )(?:the )?(week|month)|(?<=start of )(?:the )?(week|month)",
        lambda line, g: m.that(line, ("this", g[0])),
    ),
]
_NUMBERED: list[DayForm] = [
    form(rf"{_THE}([OS]\d+|last) <W> (?:of |in )?<P>", m.nth),
    form(rf"{_THE}([OS]\d+|last) (?:full )?week (?:of |in )?<P>", m.nth_week),
    form(rf"(D\d+) ({_AND}) (?:(?:the|on|W\d+) )*<O>{_NO_DAY}", m.numbered_after),
    form(rf"(?:on )?{_THE}(O\d+){_NO_DAY}", m.numbered),
    form(rf"{_THE}(S1[3-9]|S2\d|S3[01]){_NO_DAY}", m.numbered),
    form(rf"(on|until|from|to|by|before|after|since|W\d+)(?: the)? (S\d+){_NO_DAY}", m.numbered),
]
_WEEKDAYS: list[DayForm] = [
    form(
        r"not (?:on )?(?:this |the |this coming |next )*([WP]\d+)(?: (?:,|but|its|it is|i mean|i meant|on|the))*"
        rf" {_NEXT_ONE}",
        m.not_this_but_next,
    ),
    form(
        rf"(?:not (?:on )?)?that (?:W\d+|N1|day|week)(?: (?:,|but|its|it is|i mean|i meant|on|the))* {_NEXT_ONE}",
        lambda line, g: ["week", "after"],
    ),
    form(r"(?<=do |ke |me )next(?= [.,!?]|$)", m.next_as_well),
    form(r"this <W>(?: ,)? (?:and )?not(?: the)? next (?:W\d+|N1|one)", m.this_not_next),
    form(r"next <W>(?: ,)? (?:and )?not(?: the)? this (?:W\d+|N1|one)", m.next_not_this),
    form(rf"{_THE}<W> after this(?: N1| W\d+)?", m.a_week_later),
    form(rf"{_THE}(?:W\d+) after that(?: N1)?", lambda line, g: ["week", "after"]),
    form(f"{_THE}<W> after next(?: N1)?", m.upcoming_but_one),
    form(f"{_THE}next <W> but N1", m.upcoming_but_one),
    form("(?:a )?week last <W>", m.last_but_one),
    form(f"{_THE}next next <W>", m.upcoming_but_one),
    form(f"{_THE}next but N1 <W>", m.upcoming_but_one),
    form(f"{_THE}<W> but N1", m.a_week_later),
    form(f"{_THE}<W> before last", m.last_but_one),
    form(f"{_THE}last <W> but N1", m.last_but_one),
    form(r"for <N> <unit> (?:from|starting|starting from|beginning)(?: on)?(?: the)? (W\d+|D\d+)", r.weeks_from),
    form(r"in (?:about )?<N> <unit>(?: time)?(?: on| ,)? <W>", m.in_weeks),
    form(r"<N> <unit> time(?: on| ,)? <W>", m.in_weeks),
    form(r"(?:on )?<W> in (?:about )?<N> <unit>(?: time)?", m.in_weeks),
    form(r"(?:in )?<N> <unit> (?:on |from |after |this |this coming )*(W\d+|D\d+)", m.counted_on),
    form(r"(?:in )?(week|fortnight) (?:on |from |this |this coming )*(W\d+)", m.counted_on),
    form(r"(fortnight) (?:on |from )*(D\d+)", m.counted_on),
    form(r"<W> <N> (week|fortnight)(?! (?:after|before|ago|of)(?!\S))", m.counted_back),
    form(r"<W> (?:a )?(week|fortnight)(?! (?:after|before|ago|of|commencing|beginning)(?!\S))", m.counted_back),
    form(r"<W>(?: ,)?(?: (?:of|in|on))? (?:the )?(?:week after|following week)(?! (?:[WDP]\d+|the))", m.a_week_later),
    form(rf"<W> {_AND}(?: on)?(?: the)? (?:{_NEXT_ONE})", m.with_the_next),
    form(r"(?:the )?next <N> <WX>", m.several),
    form(r"(?:the )?(?:last|past) <N> <WX>", m.several_back),
    form(r"(?:in )?<N> <WX> (?:time|from now)|(?:the )?<O> <W> from now", m.the_nth),
    form(r"(?:every|each) (?:other|S2|O2) <WX>|alternate <WX>", m.every_other),
    form(r"(?:any|every|all|each|most)(?: of)?(?: the| my)? <WX>(?: (?:now|at all|from now on|any more))?", m.every),
    form(r"<WX> from now on", m.every),
    form(r"<WW>(?= (?:session|group|meeting|class|appointment|N1)(?!\S))", m.of_weekday),
    form(r"(?:on )?<WW>", m.every),
    form(rf"{_THE}following W\d+", lambda line, g: ["following", "week"]),
    form(rf"{_THE}next <W>(?! (?:before|after)(?!\S))", m.upcoming),
    form(r"(?:the )?(?:last|this past|past) <W>(?: (?:just )?gone)?(?! (?:before|after|of|in|P\d+)(?!\S))", m.last),
    form(r"<W> (?:just )?gone", m.last),
    form(r"(?:this |this coming |coming )<W>|<W> coming", m.coming),
]
_DISTANCES: list[DayForm] = [
    form(r"(?:for |over |within |in |during )*(?:the )?next (N\d+|to) (day|week|fortnight|month)", r.coming_weeks),
    form(r"in (?:about )?<N> <unit>(?: time)?", r.distance),
    form(r"<N> <unit> (?:time|from now)", r.distance),
    form(r"(fortnight) (?:time|from now)", r.distance),
    form(r"<N> <unit> ago", r.ago),
]
_PARTS: list[DayForm] = [
    form(r"(?:until|up to)(?: the)? end of(?: the)? <P>", r.until_end),
    form(rf"(?:at |in |from )?{_THE}(start|beginning|middle|mid|end|early|late)(?: of)? <P>", m.part),
    form(r"<W>(?: (?:,|the|on|of|in|is))* <P>", m.together),
    form(r"<W>(?: the| on)* <D>", m.together),
    form(r"<P>(?: (?:,|on|a|the))* <W>", m.together),
    form(r"<W>(?: (?:,|is|the|on|-))* <D>|<D>(?: (?:,|on|is|a|the|-))* <W>", m.together_if_same),
    form(r"<P>(?: (?:in|of|until|before|during|over))* <P>", m.every_in),
]
_BESIDE: list[DayForm] = [
    form(r"<N> <unit> (before|after|from) <A>", r.distance_beside),
    form(r"(fortnight) (before|after|from) <A>", r.distance_beside),
    form(
        r"(?:the )?(?:first |last |next |very |S1 )*<W> (?:right |just |straight )?(before|after) (?:the )?<A>",
        r.weekday_beside,
    ),
    form(r"(?:the )?day (before|after) <A>", r.day_beside),
    form(r"(?:the )?(?:whole )?week (before|after) (?:the )?<A>", r.week_beside),
    form(r"(?:the )?weekend (before|after) <A>", r.weekend_beside),
    form(r"(?:the )?week (?:of|commencing|beginning|starting|containing|with|from)(?: the| on)* <A>", r.week_of),
    form(r"(?:the )?weekend of(?: the)? <A>", r.weekend_of),
    form(
        rf"<A> {_AND} (?:the )?(?:week|one|N1|session) after(?: that)?|<A> {_AND} (?:the )?following (?:week|one|N1)",
        m.with_the_next,
    ),
    form(rf"<P> {_AND} next", m.with_the_next),
    form(rf"<A> {_AND} (?:the )?(?:week|one|N1|session) before(?: that| last)?", m.with_the_one_before),
]
_RANGES: list[DayForm] = [
    form(rf"{_NOT_BACK}until after(?: the)? <A>", r.until_end),
    form(r"between (?:the )?<A> (?:and|&|to|-) (?:the )?<A>", r.between),
    form(r"from(?: the)? <A> for <N> <unit>|<A> for <N> <unit>", r.weeks_from),
    form(r"(?:from )?(?:the )?<A> (?:to|until|up to|up until|-|through) (?:and including )?(?:the )?<A>", r.from_to),
    form(r"(?:starting )?from(?: the)? <A> (?:on|onwards?|towards|forward)", r.from_then_on),
    form(r"<A> onwards?", r.from_then_on),
    form(r"(?:back|return|returning|home)(?: again)?(?: in)?(?: on| by)?(?: the)? <A>", r.not_then),
    form(r"(?:any ?time |anything |some time )?after(?: the)? <A>", r.after),
    form(r"(?:any ?time |anything |some time )?before(?: the)? <A>", r.before),
    form(
        rf"{_NOT_BACK}(?:until|up to|up until)(?: the)? <A>",
        r.until,
    ),
    form(r"since(?: the)? (?:last )?<A>", r.since),
]
_LEFT_OUT: list[DayForm] = [
    form(r"(?:any|every|each|all)(?: other)? days? (?:but|except|bar|apart from)(?: (?:on|the|this))* <A>", r.not_then),
    form(r"(?:(\S+) )?not(?: (?:on|for|this|the|in))* <A>", r.left_out),
    form(
        r"(?:except|apart from|instead of|rather than|other than|excluding)(?: (?:for|on|this|the|in))* <A>", r.not_then
    ),
    form(r"(X\d+) (?:or|nor)(?: (?:on|the))* <A>", r.both_left_out),
]
STEPS: tuple[list[DayForm], ...] = (
    _CALENDAR,
    _NUMBERED,
    _WEEKDAYS,
    _DISTANCES,
    _PARTS,
    _BESIDE,
    _PARTS,
    _RANGES,
    _LEFT_OUT,
)
"""What is read first stands first."""
