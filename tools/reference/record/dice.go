package main

import (
	"math/rand"
	"slices"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// dice is where all chance comes from.
type dice struct{ *rand.Rand }

// oneIn is true once in n times.
func (d dice) oneIn(n int) bool { return d.Intn(n) == 0 }

// between draws from both ends included.
func (d dice) between(low, high int64) int64 { return low + d.Int63n(high-low+1) }

// seconds draws a duration with nanoseconds.
func (d dice) seconds(low, high int64) time.Duration {
	return time.Duration(d.between(low*1e9, high*1e9))
}

// dec draws a decimal between two numbers of thousandths, with all its digits or with three.
func (d dice) dec(low, high int64) math.LegacyDec {
	if d.oneIn(2) {
		return math.LegacyNewDecWithPrec(d.between(low, high), 3)
	}
	return math.LegacyNewDecWithPrec(d.between(low*1e9, high*1e9), 12)
}

// amount draws a number of any size up to 10^digits.
func (d dice) amount(digits int) math.Int {
	high := int64(1)
	for range 1 + d.Intn(digits) {
		high *= 10
	}
	return math.NewInt(d.between(1, high))
}

// coins draws at least one coin of the denominations.
func (d dice) coins(digits int, denoms ...string) sdk.Coins {
	coins := sdk.NewCoins(sdk.NewCoin(one(d, denoms), d.amount(digits)))
	for _, denom := range denoms {
		if d.oneIn(4) {
			coins = coins.Add(sdk.NewCoin(denom, d.amount(digits)))
		}
	}
	return coins
}

// one draws an element. CONTRACT: the list is not empty.
func one[T any](d dice, list []T) T { return list[d.Intn(len(list))] }

// shuffled is a copy in another order.
func shuffled[T any](d dice, list []T) []T {
	copied := slices.Clone(list)
	d.Shuffle(len(copied), func(a, b int) { copied[a], copied[b] = copied[b], copied[a] })
	return copied
}
