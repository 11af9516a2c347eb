//! Where everything stands in the picture: boxes, lines, and the points on a line.
//!
//! The ends of a cluster's connections are always the same, so the picture is drawn once, by hand,
//! and each layout colours it. Units are those of the picture's own coordinates.

use pki_core::plan::Component;
use pki_core::plan::flows::Party;

/// The size of the picture.
pub(super) const SIZE: (i32, i32) = (1200, 608);

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
pub(super) const CONTROL_PLANE: Rect = rect(240, 20, 940, 300);
/// The same where etcd runs elsewhere, and where that is.
pub(super) const WITHOUT_ETCD: Rect = rect(240, 20, 650, 300);
pub(super) const ETCD: Rect = rect(940, 20, 240, 224);
pub(super) const NODES: Rect = rect(240, 412, 752, 176);

/// Every end that can be drawn.
pub(super) const PARTIES: [Party; 10] = [
    Party::Operator,
    Party::Component(Component::ControllerManager),
    Party::Component(Component::Scheduler),
    Party::Component(Component::Apiserver),
    Party::Component(Component::Etcd),
    Party::NewNode,
    Party::Component(Component::Kubelet),
    Party::Component(Component::Proxy),
    Party::Pod,
    Party::ExtensionServer,
];

/// The box of an end.
pub(super) const fn place(party: Party) -> Rect {
    match party {
        Party::Operator => rect(20, 140, 180, 72),
        Party::Component(Component::ControllerManager) => rect(258, 52, 222, 84),
        Party::Component(Component::Scheduler) => rect(258, 226, 222, 64),
        Party::Component(Component::Apiserver) => rect(600, 62, 230, 228),
        Party::Component(Component::Etcd) => rect(980, 126, 176, 100),
        Party::NewNode => rect(20, 466, 180, 72),
        Party::Component(Component::Kubelet) => rect(258, 466, 202, 84),
        Party::Component(Component::Proxy) => rect(640, 466, 160, 72),
        Party::Pod => rect(820, 466, 156, 72),
        Party::ExtensionServer => rect(1010, 466, 172, 84),
    }
}

/// The line of a connection, from whoever calls; `None` for a pair that the picture does not know.
pub(super) fn line(from: Party, to: Party) -> Option<&'static [Point]> {
    use Component::{Apiserver, ControllerManager, Etcd, Kubelet, Proxy, Scheduler};
    use Party::Component as Runs;
    Some(match (from, to) {
        (Party::Operator, Runs(Apiserver)) => &[(200, 176), (600, 176)],
        (Runs(ControllerManager), Runs(Apiserver)) => &[(480, 94), (600, 94)],
        (Runs(Scheduler), Runs(Apiserver)) => &[(480, 258), (600, 258)],
        (Runs(Apiserver), Runs(Etcd)) => &[(830, 176), (980, 176)],
        (Runs(Etcd), Runs(Etcd)) => &[(1020, 126), (1020, 84), (1116, 84), (1116, 126)],
        (Party::NewNode, Runs(Apiserver)) => &[(110, 466), (110, 344), (622, 344), (622, 290)],
        (Runs(Kubelet), Runs(Apiserver)) => &[(310, 466), (310, 368), (654, 368), (654, 290)],
        (Runs(Apiserver), Runs(Kubelet)) => &[(686, 290), (686, 392), (400, 392), (400, 466)],
        (Runs(Proxy), Runs(Apiserver)) => &[(720, 466), (720, 290)],
        (Party::Pod, Runs(Apiserver)) => &[(898, 466), (898, 368), (780, 368), (780, 290)],
        (Runs(Apiserver), Party::ExtensionServer) => &[(830, 258), (1096, 258), (1096, 466)],
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
    use pki_core::design::{Design, LayoutName};
    use pki_core::plan::Plan;

    use super::*;

    fn touches(rect: Rect, (x, y): Point) -> bool {
        (rect.x..=rect.x + rect.width).contains(&x) && (rect.y..=rect.y + rect.height).contains(&y)
    }

    fn plan(layout: LayoutName) -> Plan {
        let mut design = Design::default();
        layout.name().clone_into(&mut design.layout);
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
            assert!(a.x >= 0 && a.y >= 0 && a.x + a.width <= SIZE.0 && a.y + a.height <= SIZE.1);
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
        let picture = rect(0, 0, SIZE.0, SIZE.1);
        for machines in [[CONTROL_PLANE, NODES].as_slice(), &[WITHOUT_ETCD, ETCD, NODES]] {
            for party in PARTIES {
                let around = machines.iter().filter(|machine| holds(**machine, place(party)));
                let is_outside =
                    matches!(party, Party::Operator | Party::NewNode | Party::ExtensionServer);
                assert_eq!(around.count(), usize::from(!is_outside), "{party:?}");
            }
            assert!(machines.iter().all(|machine| holds(picture, *machine)));
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
    fn a_line_is_cut_where_asked() {
        let line: &[Point] = &[(0, 0), (10, 0), (10, 10)];
        assert_eq!(length(line), 20);
        assert_eq!(cut(line, 0, 10), "M0 0L10 0");
        assert_eq!(cut(line, 5, 15), "M5 0L10 0L10 5");
        assert_eq!(along(line, 15), ((10, 5), (0, 1)));
        assert_eq!(head(&[(0, 0), (20, 0)]), "M20 0L8 6L8 -6Z");
    }
}
