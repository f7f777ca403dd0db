//! What a type must not be able to do. Shared by the tests of several crates.

/// Does not compile for a type that has the trait: the call could then mean two things.
macro_rules! has_no {
    ($trait:path: $($secret:ty),+ $(,)?) => {$(
        const _: fn() = || {
            trait Ambiguous<Case> {
                fn once() {}
            }
            struct WithTheTrait;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $trait> Ambiguous<WithTheTrait> for T {}
            let _ = <$secret as Ambiguous<_>>::once;
        };
    )+};
}
