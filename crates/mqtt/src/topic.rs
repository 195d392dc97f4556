//! Topics and filters.

/// Whether this can be the topic of a message: not empty, no wildcard, no NUL.
pub fn valid_topic(topic: &str) -> bool {
    !topic.is_empty() && !topic.contains(['+', '#', '\0'])
}

/// Whether this can be a filter: `+` and `#` stand for whole levels, `#` only for the last.
pub fn valid_filter(filter: &str) -> bool {
    let wild_alone = |level: &str| !level.contains(['+', '#']) || level.len() == 1;
    let body = filter.strip_suffix('#').map_or(filter, |it| it);
    !filter.is_empty() && !filter.contains('\0') && !body.contains('#') && filter.split('/').all(wild_alone)
}

/// Whether a topic falls under a filter.
pub fn matches(topic: &str, filter: &str) -> bool {
    let hidden = topic.starts_with('$') && filter.starts_with(['+', '#']);
    if hidden {
        return false;
    }
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        if wanted == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if wanted == "+" || wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_has_no_wildcards() {
        assert!(valid_topic("up/设备/1"));
        assert!(valid_topic("/"));
        for wrong in ["", "a/+", "a#", "a\0"] {
            assert!(!valid_topic(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn wildcards_of_a_filter_stand_for_whole_levels() {
        for right in ["a", "#", "+", "a/#", "+/b/+", "/", "设备/+/下行"] {
            assert!(valid_filter(right), "{right:?}");
        }
        for wrong in ["", "a#", "a/#/b", "a+/b", "#/", "##", "a/++", "\0"] {
            assert!(!valid_filter(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_filter_holds_the_topics_of_its_levels() {
        for (topic, filter) in
            [("a/b", "a/b"), ("a/b", "a/+"), ("a/b/c", "a/#"), ("a", "a/#"), ("/a", "+/a"), ("设/备", "#")]
        {
            assert!(matches(topic, filter), "{topic} {filter}");
        }
        for (topic, filter) in
            [("a/b", "a"), ("a", "a/b"), ("a/b/c", "a/+"), ("$SYS/a", "#"), ("$SYS/a", "+/a"), ("a", "A")]
        {
            assert!(!matches(topic, filter), "{topic} {filter}");
        }
    }
}
