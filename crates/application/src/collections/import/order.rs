//! In which order collections are made that refer to each other.

/// Groups of positions: whatever one needs is in its own group or in one before it, and a group
/// of several is a circle. `needs[i]` are the positions that the i-th one refers to.
///
/// Tarjan's strongly connected components ("Depth-first search and linear graph algorithms",
/// 1972), which come out in just this order, without recursion.
pub(super) fn groups(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; needs.len()];
    let mut lowest = vec![0; needs.len()];
    let mut on_stack = vec![false; needs.len()];
    let (mut stack, mut path, mut next, mut found) = (Vec::new(), Vec::new(), 0, Vec::new());
    for root in 0..needs.len() {
        if number[root] != UNSEEN {
            continue;
        }
        path.push((root, 0));
        while let Some((at, edge)) = path.pop() {
            if edge == 0 {
                (number[at], lowest[at]) = (next, next);
                next += 1;
                stack.push(at);
                on_stack[at] = true;
            } else {
                let child = needs[at][edge - 1];
                if on_stack[child] {
                    lowest[at] = lowest[at].min(lowest[child]);
                }
            }
            if let Some(&child) = needs[at].get(edge) {
                path.push((at, edge + 1));
                if number[child] == UNSEEN {
                    path.push((child, 0));
                }
                continue;
            }
            if lowest[at] == number[at] {
                let start = stack.iter().rposition(|&n| n == at).expect("it was put there");
                let mut group = stack.split_off(start);
                for &member in &group {
                    on_stack[member] = false;
                }
                group.sort_unstable();
                found.push(group);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn what_is_needed_comes_first_and_circles_together() {
        let order = |needs: &[&[usize]]| groups(&needs.iter().map(|n| n.to_vec()).collect::<Vec<_>>());
        assert_eq!(order(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(order(&[&[], &[]]), [[0], [1]], "as they came");
        assert_eq!(order(&[&[1], &[2], &[]]), [[2], [1], [0]]);
        assert_eq!(order(&[&[0]]), [[0]]);
        assert_eq!(order(&[&[1], &[0], &[1]]), [vec![0, 1], vec![2]]);
        // A circle of three with a tail, which is reached from its middle.
        assert_eq!(order(&[&[2], &[3], &[1], &[2, 4], &[]]), [vec![4], vec![1, 2, 3], vec![0]]);
        // Two ways to the same one.
        assert_eq!(order(&[&[1, 2], &[3], &[3], &[]]), [[3], [1], [2], [0]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let needs: Vec<_> =
            (0..100_000).map(|n| if n == 99_999 { Vec::new() } else { vec![n + 1] }).collect();
        assert_eq!(groups(&needs)[0], [99_999]);
    }
}
