//! The crossings in an order of importance, with shortcuts over the lesser ones (contraction hierarchies, Geisberger
//! and others 2008): a search then only climbs,
//! and a matrix of a thousand places takes two thousand searches of some hundred crossings. What it says is what
//! [`crate::search`] says, to the millisecond.
//! Where every street is as quick as the next, as on foot, a core of crossings stays that have no order.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::network::{Cost, Network};

const FAR: Cost = Cost::MAX;
/// A search for a way round gives up after so many crossings: a shortcut too many costs time, never an answer.
const WITNESS: usize = 60;

/// Arcs by crossing: another crossing and the cost.
type Arcs = Vec<Vec<(u32, Cost)>>;

pub(crate) struct Hierarchy {
    /// From each crossing to more important ones.
    up: Flat,
    /// To each crossing from more important ones.
    down: Flat,
}

/// Arcs of all crossings in one list.
struct Flat {
    starts: Vec<u32>,
    arcs: Vec<(u32, Cost)>,
}

impl Flat {
    fn of(all: &Arcs) -> Flat {
        let mut flat = Flat { starts: vec![0], arcs: Vec::with_capacity(all.iter().map(Vec::len).sum()) };
        for arcs in all {
            flat.arcs.extend(arcs);
            flat.starts.push(flat.arcs.len() as u32);
        }
        flat
    }

    fn arcs(&self, crossing: u32) -> &[(u32, Cost)] {
        &self.arcs[self.starts[crossing as usize] as usize..self.starts[crossing as usize + 1] as usize]
    }
}

/// Which way a search climbs.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// From where one sets out.
    Out,
    /// From where one wants to get, backwards.
    Back,
}

impl Hierarchy {
    /// Crossings with more arcs than `core_arcs` by the time it is their turn stay as a core that is searched as it is.
    pub fn of(network: &Network, core_arcs: usize) -> Hierarchy {
        Builder::of(network).contract(core_arcs)
    }

    /// Calls `each` with the more important crossings that can be reached from some crossings of known cost, and the
    /// least cost of each.
    pub fn climb(
        &self,
        way: Way,
        from: &[(u32, Cost)],
        climber: &mut Climber,
        limit_ms: u32,
        mut each: impl FnMut(u32, Cost),
    ) {
        let (onward, backward) = match way {
            Way::Out => (&self.up, &self.down),
            Way::Back => (&self.down, &self.up),
        };
        climber.start(from);
        while let Some((crossing, cost)) = climber.next() {
            if u64::from(limit_ms) < cost >> 32 {
                break;
            }
            // Who is reached more quickly over a more important crossing is on no quickest way that climbs.
            let stalled = backward
                .arcs(crossing)
                .iter()
                .any(|(over, arc)| climber.costs[*over as usize].saturating_add(*arc) < cost);
            if !stalled {
                each(crossing, cost);
                onward.arcs(crossing).iter().for_each(|(to, arc)| climber.reach(*to, cost.saturating_add(*arc)));
            }
        }
    }
}

/// The buffers of a search that climbs.
pub(crate) struct Climber {
    costs: Vec<Cost>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl Climber {
    pub fn new(crossings: usize) -> Climber {
        Climber { costs: vec![FAR; crossings], touched: Vec::new(), heap: BinaryHeap::new() }
    }

    fn start(&mut self, from: &[(u32, Cost)]) {
        for it in self.touched.drain(..) {
            self.costs[it as usize] = FAR;
        }
        self.heap.clear();
        from.iter().for_each(|(crossing, cost)| self.reach(*crossing, *cost));
    }

    fn reach(&mut self, crossing: u32, cost: Cost) {
        let known = &mut self.costs[crossing as usize];
        if cost < *known {
            if *known == FAR {
                self.touched.push(crossing);
            }
            *known = cost;
            self.heap.push(Reverse((cost, crossing)));
        }
    }

    fn next(&mut self) -> Option<(u32, Cost)> {
        while let Some(Reverse((cost, crossing))) = self.heap.pop() {
            if self.costs[crossing as usize] == cost {
                return Some((crossing, cost));
            }
        }
        None
    }
}

/// Crossings are taken out one by one, the least important first; what passed over them gets a shortcut.
struct Builder {
    /// Arcs among the crossings that are still there.
    out: Arcs,
    into: Arcs,
    /// How many crossings lie below one, at most: spreads the work evenly over the map.
    depth: Vec<u32>,
    climber: Climber,
}

impl Builder {
    fn of(network: &Network) -> Builder {
        let count = network.crossings();
        let (mut out, mut into): (Arcs, Arcs) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for from in 0..count as u32 {
            for arc in network.arcs(from) {
                out[from as usize].push((arc.to, arc.cost));
                into[arc.to as usize].push((from, arc.cost));
            }
        }
        Builder { out, into, depth: vec![0; count], climber: Climber::new(count) }
    }

    fn contract(mut self, core_arcs: usize) -> Hierarchy {
        let count = self.out.len();
        let (mut up, mut down): (Arcs, Arcs) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let mut queue = (0..count as u32).map(|it| Reverse((self.importance(it), it))).collect::<BinaryHeap<_>>();
        while let Some(Reverse((importance, crossing))) = queue.pop() {
            // Its neighbours may have gone since it was judged.
            let now = self.importance(crossing);
            if importance < now && queue.peek().is_some_and(|next| next.0 < (now, crossing)) {
                queue.push(Reverse((now, crossing)));
                continue;
            }
            let here = crossing as usize;
            // What is left is a core in which everything hangs together with everything: shortcuts would outnumber
            // the roads.
            if self.out[here].len() + self.into[here].len() > core_arcs {
                break;
            }
            let shortcuts = self.shortcuts(crossing);
            (up[here], down[here]) = (std::mem::take(&mut self.out[here]), std::mem::take(&mut self.into[here]));
            for (to, _) in &up[here] {
                self.into[*to as usize].retain(|(from, _)| *from != crossing);
                self.depth[*to as usize] = self.depth[*to as usize].max(self.depth[here] + 1);
            }
            for (from, _) in &down[here] {
                self.out[*from as usize].retain(|(to, _)| *to != crossing);
                self.depth[*from as usize] = self.depth[*from as usize].max(self.depth[here] + 1);
            }
            for (from, to, cost) in shortcuts {
                lessen(&mut self.out[from as usize], to, cost);
                lessen(&mut self.into[to as usize], from, cost);
            }
        }
        // Who sets out searches the whole core, and who is looked for waits at its edge.
        for (up, core) in up.iter_mut().zip(self.out) {
            up.extend(core);
        }
        Hierarchy { up: Flat::of(&up), down: Flat::of(&down) }
    }

    /// The more shortcuts its going needs for the arcs it frees, the longer it stays.
    fn importance(&mut self, crossing: u32) -> i64 {
        let arcs = self.out[crossing as usize].len() + self.into[crossing as usize].len();
        2 * (self.shortcuts(crossing).len() as i64 - arcs as i64) + i64::from(self.depth[crossing as usize])
    }

    /// What passes over a crossing and has no way round that is as quick.
    fn shortcuts(&mut self, crossing: u32) -> Vec<(u32, u32, Cost)> {
        let mut shortcuts = Vec::new();
        for (from, first) in &self.into[crossing as usize] {
            let outs = &self.out[crossing as usize];
            let Some(most) =
                outs.iter().filter(|(to, _)| to != from).map(|(_, cost)| first.saturating_add(*cost)).max()
            else {
                continue;
            };
            self.climber.start(&[(*from, 0)]);
            let mut settled = 0;
            while let Some((at, cost)) = self.climber.next() {
                settled += 1;
                if most < cost || WITNESS < settled {
                    break;
                }
                for (to, arc) in self.out[at as usize].iter().filter(|(to, _)| *to != crossing) {
                    self.climber.reach(*to, cost.saturating_add(*arc));
                }
            }
            for (to, second) in outs.iter().filter(|(to, _)| to != from) {
                let over = first.saturating_add(*second);
                if over < self.climber.costs[*to as usize] {
                    shortcuts.push((*from, *to, over));
                }
            }
        }
        shortcuts
    }
}

fn lessen(arcs: &mut Vec<(u32, Cost)>, to: u32, cost: Cost) {
    match arcs.iter_mut().find(|it| it.0 == to) {
        Some(it) => it.1 = it.1.min(cost),
        None => arcs.push((to, cost)),
    }
}
