//! Where everything stands in the picture: boxes, lines, and the points on a line.
//!
//! The ends of a cluster's connections are always the same, so the picture is drawn once, by hand,
//! and each layout colours it. Units are those of the picture's own coordinates.

use pki_core::plan::Component;
use pki_core::plan::flows::Party;

/// The size of the picture: without and with the row below, where what a design adds stands.
pub(super) const SIZE: (i32, i32) = (1200, 702);
pub(super) const SIZE_MORE: (i32, i32) = (1200, 812);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

const fn rect(x: i32, y: i32, width: i32, height: i32) -> Rect {
    Rect { x, y, width, height }
}

/// A point of the picture.
pub(super) type Point = (i32, i32);

/// The machines around the boxes.
pub(super) const CONTROL_PLANE: Rect = rect(240, 20, 940, 356);
/// The same where etcd runs elsewhere, and where that is.
pub(super) const WITHOUT_ETCD: Rect = rect(240, 20, 650, 356);
pub(super) const ETCD: Rect = rect(940, 20, 240, 308);
/// The nodes, without and with the row below.
pub(super) const NODES: Rect = rect(240, 490, 752, 192);
pub(super) const NODES_MORE: Rect = rect(240, 490, 752, 302);

/// Every end that can be drawn.
pub(super) const PARTIES: [Party; 14] = [
    Party::Operator,
    Party::Component(Component::ControllerManager),
    Party::Component(Component::Scheduler),
    Party::KonnectivityServer,
    Party::Component(Component::Apiserver),
    Party::Component(Component::Etcd),
    Party::Etcdctl,
    Party::NewNode,
    Party::Component(Component::Kubelet),
    Party::Component(Component::Proxy),
    Party::Pod,
    Party::ExtensionServer,
    Party::KonnectivityAgent,
    Party::Webhook,
];

/// Whether an end stands in the row below.
pub(super) const fn is_below(party: Party) -> bool {
    matches!(party, Party::KonnectivityAgent | Party::Webhook)
}

/// The box of an end.
pub(super) const fn place(party: Party) -> Rect {
    match party {
        Party::Operator => rect(20, 140, 180, 72),
        Party::Component(Component::ControllerManager) => rect(258, 52, 222, 84),
        Party::Component(Component::Scheduler) => rect(258, 212, 222, 64),
        Party::KonnectivityServer => rect(258, 288, 222, 76),
        Party::Component(Component::Apiserver) => rect(600, 62, 230, 298),
        Party::Component(Component::Etcd) => rect(980, 104, 176, 88),
        Party::Etcdctl => rect(980, 264, 176, 56),
        Party::NewNode => rect(20, 536, 180, 72),
        Party::Component(Component::Kubelet) => rect(258, 536, 202, 84),
        Party::Component(Component::Proxy) => rect(640, 536, 160, 72),
        Party::Pod => rect(820, 536, 156, 72),
        Party::ExtensionServer => rect(1010, 536, 172, 84),
        Party::KonnectivityAgent => rect(480, 702, 200, 64),
        Party::Webhook => rect(1060, 702, 122, 72),
    }
}

/// The line of a connection, from whoever calls; `None` for a pair that the picture does not know.
pub(super) fn line(from: Party, to: Party) -> Option<&'static [Point]> {
    use Component::{Apiserver, ControllerManager, Etcd, Kubelet, Proxy, Scheduler};
    use Party::Component as Runs;
    Some(match (from, to) {
        (Party::Operator, Runs(Apiserver)) => &[(200, 176), (600, 176)],
        (Runs(ControllerManager), Runs(Apiserver)) => &[(480, 94), (600, 94)],
        (Runs(Scheduler), Runs(Apiserver)) => &[(480, 244), (600, 244)],
        (Runs(Apiserver), Party::KonnectivityServer) => &[(600, 326), (480, 326)],
        (Runs(Apiserver), Runs(Etcd)) => &[(830, 148), (980, 148)],
        (Runs(Etcd), Runs(Etcd)) => &[(1020, 104), (1020, 62), (1116, 62), (1116, 104)],
        (Party::Etcdctl, Runs(Etcd)) => &[(1068, 264), (1068, 192)],
        (Party::NewNode, Runs(Apiserver)) => &[(110, 536), (110, 404), (622, 404), (622, 360)],
        (Runs(Kubelet), Runs(Apiserver)) => &[(310, 536), (310, 426), (652, 426), (652, 360)],
        (Runs(Apiserver), Runs(Kubelet)) => &[(682, 360), (682, 448), (380, 448), (380, 536)],
        (Runs(Proxy), Runs(Apiserver)) => &[(716, 536), (716, 360)],
        (Party::Pod, Runs(Apiserver)) => &[(880, 536), (880, 426), (752, 426), (752, 360)],
        (Runs(Apiserver), Party::Pod) => &[(786, 360), (786, 404), (940, 404), (940, 536)],
        (Runs(Apiserver), Party::ExtensionServer) => &[(830, 344), (1096, 344), (1096, 536)],
        (Party::ExtensionServer, Runs(Kubelet)) => {
            &[(1096, 620), (1096, 660), (430, 660), (430, 620)]
        }
        (Runs(Apiserver), Party::Webhook) => {
            &[(830, 310), (910, 310), (910, 470), (1001, 470), (1001, 738), (1060, 738)]
        }
        (Party::KonnectivityAgent, Party::KonnectivityServer) => {
            &[(550, 702), (550, 470), (450, 470), (450, 364)]
        }
        _ => return None,
    })
}

/// The length of a line, all of whose parts are level or upright.
pub(super) fn length(line: &[Point]) -> i32 {
    line.windows(2).map(part_length).sum()
}

fn part_length(part: &[Point]) -> i32 {
    match part {
        [a, b] => (a.0 - b.0).abs() + (a.1 - b.1).abs(),
        _ => 0,
    }
}

/// The point so far along a line, and the direction there, as a unit.
pub(super) fn along(line: &[Point], distance: i32) -> (Point, Point) {
    let mut left = distance;
    let mut end = ((0, 0), (1, 0));
    for part in line.windows(2) {
        let [a, b] = part else { continue };
        let direction = ((b.0 - a.0).signum(), (b.1 - a.1).signum());
        let part = part_length(part);
        if left <= part {
            return ((a.0 + direction.0 * left, a.1 + direction.1 * left), direction);
        }
        left -= part;
        end = (*b, direction);
    }
    end
}

/// The part of a line between two distances, as the data of an SVG path.
pub(super) fn cut(line: &[Point], from: i32, to: i32) -> String {
    let mut data = format!("M{} {}", along(line, from).0.0, along(line, from).0.1);
    let mut corner = 0;
    for part in line.windows(2) {
        corner += part_length(part);
        if let [_, b] = part
            && (from + 1..to).contains(&corner)
        {
            data += &format!("L{} {}", b.0, b.1);
        }
    }
    let (end, _) = along(line, to);
    data + &format!("L{} {}", end.0, end.1)
}

/// The head of an arrow at the end of a line.
pub(super) fn head(line: &[Point]) -> String {
    let (tip, (dx, dy)) = along(line, length(line));
    let back = (tip.0 - dx * HEAD, tip.1 - dy * HEAD);
    let half = HEAD / 2;
    format!(
        "M{} {}L{} {}L{} {}Z",
        tip.0,
        tip.1,
        back.0 + dy * half,
        back.1 + dx * half,
        back.0 - dy * half,
        back.1 - dx * half
    )
}

/// The length of an arrow's head.
pub(super) const HEAD: i32 = 12;

#[cfg(test)]
mod tests {
    use pki_core::design::{Design, LayoutName, Template};
    use pki_core::plan::Plan;

    use super::*;

    fn touches(rect: Rect, (x, y): Point) -> bool {
        (rect.x..=rect.x + rect.width).contains(&x) && (rect.y..=rect.y + rect.height).contains(&y)
    }

    fn plan(layout: LayoutName) -> Plan {
        let mut design = Design::default();
        layout.name().clone_into(&mut design.layout);
        for template in Template::ALL {
            design.add_template(template);
        }
        Plan::new(design.check().0.expect("a default design has a plan"))
    }

    #[test]
    fn every_connection_of_every_layout_has_its_line() {
        for layout in LayoutName::ALL {
            for flow in plan(layout).flows() {
                let line = line(flow.from, flow.to);
                assert!(line.is_some(), "{layout:?}: {:?} to {:?}", flow.from, flow.to);
                assert!(PARTIES.contains(&flow.from) && PARTIES.contains(&flow.to));
            }
        }
    }

    #[test]
    fn no_box_overlaps_another_or_leaves_the_picture() {
        for (index, one) in PARTIES.iter().enumerate() {
            let a = place(*one);
            assert!(a.x >= 0 && a.y >= 0 && a.x + a.width <= SIZE_MORE.0);
            let height = if is_below(*one) { SIZE_MORE.1 } else { SIZE.1 };
            assert!(a.y + a.height <= height);
            for other in PARTIES.iter().skip(index + 1) {
                let b = place(*other);
                let apart = a.x + a.width < b.x
                    || b.x + b.width < a.x
                    || a.y + a.height < b.y
                    || b.y + b.height < a.y;
                assert!(apart, "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn machines_are_in_the_picture_and_apart_with_their_boxes_inside() {
        let holds = |a: Rect, b: Rect| {
            touches(a, (b.x, b.y)) && touches(a, (b.x + b.width, b.y + b.height))
        };
        for (nodes, size, more) in [(NODES, SIZE, false), (NODES_MORE, SIZE_MORE, true)] {
            let picture = rect(0, 0, size.0, size.1);
            for machines in [[CONTROL_PLANE, nodes].as_slice(), &[WITHOUT_ETCD, ETCD, nodes]] {
                for party in PARTIES.into_iter().filter(|party| more || !is_below(*party)) {
                    let around = machines.iter().filter(|machine| holds(**machine, place(party)));
                    let is_inside = match party {
                        Party::Operator
                        | Party::NewNode
                        | Party::ExtensionServer
                        | Party::Webhook => 0,
                        Party::Component(_)
                        | Party::Pod
                        | Party::Etcdctl
                        | Party::KonnectivityServer
                        | Party::KonnectivityAgent => 1,
                    };
                    assert_eq!(around.count(), is_inside, "{party:?}");
                }
                assert!(machines.iter().all(|machine| holds(picture, *machine)));
            }
        }
    }

    #[test]
    fn lines_run_from_box_to_box_and_through_no_other() {
        for from in PARTIES {
            for to in PARTIES {
                let Some(line) = line(from, to) else { continue };
                let end = length(line);
                for distance in 0..=end {
                    let (point, _) = along(line, distance);
                    let touched: Vec<Party> =
                        PARTIES.into_iter().filter(|party| touches(place(*party), point)).collect();
                    match distance {
                        0 => assert_eq!(touched, [from]),
                        _ if distance == end => assert_eq!(touched, [to]),
                        _ => assert!(touched.is_empty(), "{from:?} to {to:?} at {point:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn no_two_lines_run_on_one_another() {
        let lines: Vec<&[Point]> = PARTIES
            .into_iter()
            .flat_map(|from| PARTIES.into_iter().filter_map(move |to| line(from, to)))
            .collect();
        // Letters are squares of 20, which stand on the lines.
        let apart = |(a, b): (Point, Point), (c, d): (Point, Point)| {
            let far = |a: i32, b: i32, c: i32, d: i32| a.max(b) < c.min(d) || c.max(d) < a.min(b);
            match (a.0 == b.0, c.0 == d.0) {
                (true, true) => (a.0 - c.0).abs() >= 22 || far(a.1, b.1, c.1, d.1),
                (false, false) => (a.1 - c.1).abs() >= 22 || far(a.0, b.0, c.0, d.0),
                _ => true,
            }
        };
        let parts = |line: &[Point]| -> Vec<(Point, Point)> {
            line.iter().copied().zip(line.iter().copied().skip(1)).collect()
        };
        for (index, one) in lines.iter().enumerate() {
            for other in lines.iter().skip(index + 1) {
                for part in parts(one) {
                    assert!(parts(other).into_iter().all(|o| apart(part, o)), "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_line_is_cut_where_asked() {
        let line: &[Point] = &[(0, 0), (10, 0), (10, 10)];
        assert_eq!(length(line), 20);
        assert_eq!(cut(line, 0, 10), "M0 0L10 0");
        assert_eq!(cut(line, 5, 15), "M5 0L10 0L10 5");
        assert_eq!(along(line, 15), ((10, 5), (0, 1)));
        assert_eq!(head(&[(0, 0), (20, 0)]), "M20 0L8 6L8 -6Z");
    }
}
