package main

import (
	"fmt"
	"time"

	"cosmossdk.io/math"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"hanzo.network/tools/reference/chain"
)

// plan is what a seed makes of a chain before it begins.
type plan struct {
	chainID        string
	prefix         string
	bond, fee, odd string
	initialHeight  int64
	genesisTime    time.Time
	accounts       []*account
	// How many of the accounts are validators from the first block on, by order.
	founders  int
	viaGentxs bool
	// One in so many validators stops voting at a block; a block has fewer transactions than so many; one in so many blocks brings evidence; one
	// in so many deeds has a message that was spoilt.
	lazy, busy, guilty, strange int
	staking                     stakingtypes.Params
	slashing                    slashingtypes.Params
	distr                       distrtypes.Params
	mint                        minttypes.Params
	inflation                   math.LegacyDec
	gov                         govv1.Params
	consensus                   *cmttypes.ConsensusParams
	communityX                  sdk.DecCoins
}

// account is somebody with keys. Everybody may become a validator.
type account struct {
	name string
	keys []*secp256k1.PrivKey
	// How many of several keys must sign; 0 for an account of one key.
	threshold int
	consensus cryptotypes.PrivKey
}

func (a *account) pubKey() cryptotypes.PubKey {
	if a.threshold == 0 {
		return a.keys[0].PubKey()
	}
	var members []cryptotypes.PubKey
	for _, key := range a.keys {
		members = append(members, key.PubKey())
	}
	return multisig.NewLegacyAminoPubKey(a.threshold, members)
}

func (a *account) address() sdk.AccAddress  { return sdk.AccAddress(a.pubKey().Address()) }
func (a *account) operator() sdk.ValAddress { return sdk.ValAddress(a.address()) }
func (p *plan) denoms() []string            { return []string{p.bond, p.fee, p.odd} }

var (
	prefixes = []string{"acme", "osmo", "x", "stranger", "cosmos1x"}
	bonds    = []string{"uacme", "stake", "ubond", "factory/acme/gold", "zzz"}
	fees     = []string{"ufee", "gas", "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2"}
	odds     = []string{"photon", "Aaa", "nano.x-1"}
)

const people = 16

func newPlan(seed int64, d dice) *plan {
	p := &plan{
		chainID: fmt.Sprintf("stranger-%d", seed), prefix: one(d, prefixes), bond: one(d, bonds), fee: one(d, fees), odd: one(d, odds),
		initialHeight: 1, genesisTime: time.Date(2027, 3, 1, 12, 0, 0, d.Intn(1e9), time.UTC),
		founders: int(d.between(3, 6)), viaGentxs: d.oneIn(2), lazy: int(d.between(12, 60)),
		busy: int(d.between(3, 10)), guilty: int(d.between(12, 60)), strange: int(d.between(3, 12)),
	}
	if d.oneIn(3) {
		p.initialHeight = d.between(2, 5000)
	}
	chain.Use(p.prefix, p.bond)
	for number := range people {
		name := fmt.Sprintf("p%d", number)
		secret := []byte(fmt.Sprintf("%d/%s", seed, name))
		keys := []*secp256k1.PrivKey{secp256k1.GenPrivKeyFromSecret(secret)}
		threshold := 0
		// Some accounts have several keys, of which one may be enough.
		if number >= p.founders && number%4 == 3 {
			for member := range d.between(1, 4) {
				keys = append(keys, secp256k1.GenPrivKeyFromSecret(fmt.Appendf(nil, "%s/%d", secret, member)))
			}
			threshold = int(d.between(1, int64(len(keys))))
		}
		p.accounts = append(p.accounts, &account{name, keys, threshold, ed25519.GenPrivKeyFromSecret(secret)})
	}
	p.drawParams(d)
	return p
}

func (p *plan) drawParams(d dice) {
	p.staking = stakingtypes.DefaultParams()
	p.staking.BondDenom = p.bond
	// Longer than two blocks: a chain of the SDK stops when somebody is in the last commit who is gone.
	p.staking.UnbondingTime = d.seconds(100, 200)
	p.staking.MaxValidators = uint32(d.between(3, 6))
	p.staking.MaxEntries = uint32(d.between(2, 5))
	p.staking.HistoricalEntries = uint32(d.between(0, 4))
	p.staking.MinCommissionRate = math.LegacyNewDecWithPrec(d.between(0, 3), 2)

	p.slashing = slashingtypes.DefaultParams()
	p.slashing.SignedBlocksWindow = d.between(4, 20)
	p.slashing.MinSignedPerWindow = d.dec(100, 900)
	p.slashing.DowntimeJailDuration = d.seconds(10, 60)
	p.slashing.SlashFractionDoubleSign = d.dec(20, 400)
	p.slashing.SlashFractionDowntime = d.dec(1, 150)

	p.distr = distrtypes.DefaultParams()
	p.distr.CommunityTax = d.dec(0, 300)
	p.communityX = sdk.NewDecCoins()

	p.mint = minttypes.DefaultParams()
	p.mint.MintDenom = p.bond
	if d.oneIn(3) {
		p.mint.MintDenom = p.odd
	}
	p.mint.InflationMax = d.dec(200, 900)
	p.mint.InflationMin = d.dec(10, 190)
	p.mint.GoalBonded = d.dec(100, 900)
	p.mint.InflationRateChange = d.dec(10, 900)
	p.mint.BlocksPerYear = uint64(d.between(1000, 6_000_000))
	p.inflation = d.dec(100, 250)
	if d.oneIn(6) {
		p.mint.InflationMax, p.mint.InflationMin, p.inflation = math.LegacyZeroDec(), math.LegacyZeroDec(), math.LegacyZeroDec()
	}

	p.gov = govv1.DefaultParams()
	p.gov.MinDeposit = sdk.NewCoins(sdk.NewCoin(p.bond, d.amount(7)))
	if d.oneIn(3) {
		p.gov.MinDeposit = sdk.NewCoins(p.gov.MinDeposit[0], sdk.NewCoin(p.fee, d.amount(5)))
	}
	p.gov.ExpeditedMinDeposit = sdk.NewCoins(p.gov.MinDeposit...).MulInt(math.NewInt(3))
	depositing, voting, fast := d.seconds(10, 60), d.seconds(20, 70), d.seconds(5, 19)
	p.gov.MaxDepositPeriod, p.gov.VotingPeriod, p.gov.ExpeditedVotingPeriod = &depositing, &voting, &fast
	p.gov.Quorum = d.dec(10, 400).String()
	p.gov.ProposalCancelRatio = d.dec(0, 1000).String()
	if d.oneIn(2) {
		p.gov.ProposalCancelDest = p.accounts[0].address().String()
	}
	p.gov.MinInitialDepositRatio = d.dec(0, 300).String()
	p.gov.MinDepositRatio = d.dec(0, 100).String()
	if d.oneIn(4) {
		p.gov.MinInitialDepositRatio, p.gov.MinDepositRatio = "0", math.LegacyZeroDec().String()
	}
	p.gov.BurnVoteQuorum, p.gov.BurnProposalDepositPrevote, p.gov.BurnVoteVeto = d.oneIn(2), d.oneIn(2), !d.oneIn(4)

	p.consensus = cmttypes.DefaultConsensusParams()
	p.consensus.Evidence.MaxAgeNumBlocks = d.between(6, 30)
	p.consensus.Evidence.MaxAgeDuration = d.seconds(10, 100)
	if d.oneIn(2) {
		p.consensus.Block.MaxGas = 90_000_000
	}
}
